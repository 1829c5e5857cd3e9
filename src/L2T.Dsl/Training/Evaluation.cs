namespace L2T.Dsl.Training;

/// <summary>A trained student's answers on a set of examples.</summary>
/// <param name="Examples">Number of examples (for students with several answers to an example: of answers).</param>
/// <param name="Errors">How many were wrong; 0 where targets are real numbers.</param>
/// <param name="PrecisionPerClass">For each class, the share of right answers among those that named it; 0 for a class never named.</param>
public sealed record Evaluation(long Examples, long Errors, IReadOnlyList<float> PrecisionPerClass)
{
    /// <summary>The mean squared error over all outputs, where targets are real numbers; null where they are class labels.</summary>
    public double? MeanSquaredError { get; init; }

    /// <summary>The share of wrong answers; NaN where targets are real numbers, none of which is right or wrong.</summary>
    public double ErrorRate => MeanSquaredError is null ? (double)Errors / Examples : double.NaN;

    /// <summary>What students are compared by: <see cref="MeanSquaredError"/> where targets are real numbers, else <see cref="ErrorRate"/>.</summary>
    public double Error => MeanSquaredError ?? ErrorRate;
}
