namespace L2T.Dsl.Hypergradients;

/// <summary>Steps recorded with all that their adjoints read: a row for each, what it kept in the last column.</summary>
internal sealed class RecordedSteps(TrajectoryBinding binding, IRows rows) : IDisposable
{
    /// <summary>Rows in memory for <paramref name="count"/> steps.</summary>
    public RecordedSteps(TrajectoryBinding binding, int count)
        : this(binding, new MemoryRows(count, [.. binding.AdjointInputs, binding.LargestKept]))
    {
    }

    /// <summary>The size of a row.</summary>
    public static long RowBytes(in TrajectorySizes sizes) => sizes.AdjointBytes + sizes.KeptBytes;

    /// <summary>To be called before the step.</summary>
    public void Before(int row) => rows.Write(row, binding.AdjointInputs);

    /// <summary>To be called after the step.</summary>
    public void After(int row) => rows.Write(row, binding.AdjointInputs.Count, binding.Kept);

    /// <summary>Puts the step of a row in place for its adjoint.</summary>
    public void Restore(int row)
    {
        rows.Read(row, binding.AdjointInputs);
        rows.Read(row, binding.AdjointInputs.Count, binding.Restored);
    }

    public void Dispose() => rows.Dispose();
}
