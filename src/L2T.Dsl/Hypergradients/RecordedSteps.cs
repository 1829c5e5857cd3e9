using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>Steps recorded with all that their adjoints read: a row for each, what it kept in the last column.</summary>
internal sealed class RecordedSteps(TrajectoryBinding binding, IRows rows) : IDisposable
{
    private Tensor? _lent;

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

    /// <summary>Puts in place what the adjoint of the step of a row reads, but for what it kept, which is returned: good until the next call.</summary>
    public Tensor Restore(int row)
    {
        rows.Read(row, binding.AdjointInputs);
        _lent?.Dispose();
        _lent = rows.Lend(row, binding.AdjointInputs.Count, binding.Kept.numel()).DetachFromDisposeScope();
        return _lent;
    }

    public void Dispose()
    {
        _lent?.Dispose();
        rows.Dispose();
    }
}
