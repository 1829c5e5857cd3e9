using System.Globalization;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Reporting;

namespace L2T.Dsl.Training;

/// <summary>
/// The memory that teaching will hold, known before it starts: tensors and tables, part by part. Not in it are the runtime and libtorch
/// themselves (about 200 MB of resident memory), the caller's own data, and what a single call of libtorch takes and gives back.
/// </summary>
/// <param name="Trajectory">How the training is remembered for the sweep, and what that costs.</param>
/// <param name="Parts">The parts, the trajectory among them.</param>
public sealed record MemoryPlan(TrajectoryPlan Trajectory, IReadOnlyList<MemoryPart> Parts)
{
    /// <summary>All parts together.</summary>
    public long Bytes => Parts.Sum(part => part.Bytes);

    /// <summary>Space in the temporary folder.</summary>
    public long DiskBytes => Trajectory.DiskBytes;

    /// <summary>One line: <c>memory 1.72 GB (trajectory 1.66 GB, data 25.1 MB, ...); all 1000 steps kept in memory; no extra steps</c>.</summary>
    public override string ToString()
    {
        var parts = string.Join(", ", Parts.Where(part => part.Bytes > 0).OrderByDescending(part => part.Bytes).Select(part => $"{part.Name} {Text(part.Bytes)}"));
        var disk = DiskBytes > 0 ? $", disk {Text(DiskBytes)}" : "";
        var extra = Trajectory.ExtraSteps == 0 ? "no extra steps" : string.Create(CultureInfo.InvariantCulture, $"{Trajectory.ExtraSteps} extra steps");
        return $"memory {Text(Bytes)} ({parts}){disk}; {Trajectory.Description}; {extra}";
    }

    /// <summary>A number of bytes in powers of 1000, three digits: <c>1.66 GB</c>.</summary>
    internal static string Text(long bytes) => Quantity.Text(bytes, "B");
}
