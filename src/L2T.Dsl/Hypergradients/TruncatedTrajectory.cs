namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Keeps the last K steps in memory, and the sweep ends there. The gradient is <b>biased</b>: how the coefficients of earlier steps act on
/// the metric is left out (their penalty, which needs no weights, is not). At K = T it is exact. Memory: K (adjoint inputs + kept).
/// </summary>
/// <param name="window">K, at least 1; more than T counts as T.</param>
public sealed class TruncatedTrajectory(int window) : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public string? Arithmetic => $"truncated to the last {window} steps";

    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes)
    {
        var count = Count(sizes.Steps);
        return new(
            TrajectoryPolicy.Truncated,
            $"the last {count} of {sizes.Steps} steps kept in memory{(count < sizes.Steps ? ", the gradient biased" : "")}",
            count * RecordedSteps.RowBytes(sizes), 0, 0);
    }

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding)
    {
        var count = Count(binding.Steps);
        return new KeptTrajectory(new RecordedSteps(binding, count), binding.Steps - count);
    }

    private int Count(int steps) => window >= 1
        ? Math.Min(window, steps)
        : throw new L2TException($"The trajectory is truncated to the last {window} steps. Set TrajectoryWindow to at least 1.");
}
