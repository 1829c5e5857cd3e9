namespace L2T.Dsl.Training;

/// <summary>A trained student's answers on a set of examples.</summary>
/// <param name="Examples">Number of examples (for students with several answers to an example: of answers).</param>
/// <param name="Errors">How many were wrong.</param>
/// <param name="PrecisionPerClass">For each class, the share of right answers among those that named it; 0 for a class never named.</param>
public sealed record Evaluation(long Examples, long Errors, IReadOnlyList<float> PrecisionPerClass)
{
    /// <summary>The share of wrong answers.</summary>
    public double ErrorRate => (double)Errors / Examples;
}
