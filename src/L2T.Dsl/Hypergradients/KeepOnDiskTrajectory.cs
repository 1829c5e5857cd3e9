namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Keeps everything in a memory-mapped temporary file, which is gone when the run ends, even if it is killed. Space on disk:
/// T (adjoint inputs + kept); memory: kept. The system caches the file in memory that nothing else needs; that is not counted as the run's.
/// </summary>
/// <param name="folder">Where the file is; null for the system's temporary folder.</param>
public sealed class KeepOnDiskTrajectory(string? folder = null) : ITrajectoryPolicy
{
    private string Folder => folder ?? Path.GetTempPath();

    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes) => new(
        TrajectoryPolicy.KeepOnDisk, $"all {sizes.Steps} steps kept in {Folder}", sizes.KeptBytes, sizes.Steps * RecordedSteps.RowBytes(sizes), 0);

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => new KeptTrajectory(
        new RecordedSteps(binding, new MappedRows(Folder, binding.Steps, [.. binding.AdjointInputs, binding.LargestKept])), 0);
}
