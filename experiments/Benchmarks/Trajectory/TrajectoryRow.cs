using System.Text.Json.Serialization;

namespace L2T.Experiments.Benchmarks.Trajectory;

/// <summary>One policy at one length of training.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Steps">T.</param>
/// <param name="Seconds">Time of one training and its sweep; null where it was not run because it does not fit.</param>
/// <param name="ExtraSteps">Steps taken again, by the policy's formula.</param>
/// <param name="TrajectoryBytes">Memory of the trajectory, by its formula.</param>
/// <param name="DiskBytes">Its space on disk.</param>
/// <param name="PlannedBytes">Memory of the whole run, as planned.</param>
/// <param name="HeapBytes">What the run had of the native heap, where tensors are, at its peak; null where it was not run.</param>
/// <param name="ResidentBytes">What the run added to the process's resident memory that is no file, at its peak; null where it was not run.</param>
public sealed record TrajectoryRow(
    [property: JsonPropertyName("policy")] string Policy,
    [property: JsonPropertyName("steps")] int Steps,
    [property: JsonPropertyName("seconds")] double? Seconds,
    [property: JsonPropertyName("extraSteps")] long ExtraSteps,
    [property: JsonPropertyName("trajectoryBytes")] long TrajectoryBytes,
    [property: JsonPropertyName("diskBytes")] long DiskBytes,
    [property: JsonPropertyName("plannedBytes")] long PlannedBytes,
    [property: JsonPropertyName("heapBytes")] long? HeapBytes,
    [property: JsonPropertyName("residentBytes")] long? ResidentBytes);
