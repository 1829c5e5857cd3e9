namespace L2T.Dsl.Training;

/// <summary>What the generated reading of the student's state calls.</summary>
public static class StateFeatures
{
    /// <summary>Copies a feature of several numbers into its place in s_t.</summary>
    /// <exception cref="L2TException">It has another size than it declares.</exception>
    public static void Copy(ReadOnlySpan<float> feature, Span<float> place, string name)
    {
        if (feature.Length != place.Length)
        {
            throw new L2TException($"State feature '{name}' gave {feature.Length} numbers, but declares [StateFeature(Size = {place.Length})]. Make the two equal.");
        }

        feature.CopyTo(place);
    }
}
