namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Keeps everything in memory, nothing is computed twice. Memory: T (adjoint inputs + kept).
/// </summary>
public sealed class KeepAllTrajectory : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes) => new(
        TrajectoryPolicy.KeepAll, $"all {sizes.Steps} steps kept in memory", sizes.Steps * RecordedSteps.RowBytes(sizes), 0, 0);

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => new KeptTrajectory(new RecordedSteps(binding, binding.Steps), 0);
}
