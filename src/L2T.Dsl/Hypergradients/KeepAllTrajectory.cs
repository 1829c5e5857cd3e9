using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Remembers everything: memory in proportion to the number of steps, nothing computed twice. One buffer for each kind of value, made
/// once.
/// </summary>
internal sealed class KeepAllTrajectory : ITrajectory
{
    private readonly TrajectoryBinding _values;
    private readonly Tensor[] _optimized;
    private readonly Tensor _states;
    private readonly Tensor _kept;

    /// <exception cref="L2TException">The memory of this machine is not enough.</exception>
    public KeepAllTrajectory(TrajectoryBinding values, int steps)
    {
        var bytes = (double)steps * (values.Optimized.Sum(Bytes) + Bytes(values.State) + Bytes(values.Kept));
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new L2TException($"Keeping {steps} steps needs {bytes / (1 << 30):F1} GiB of memory; this machine has {available / (double)(1 << 30):F1}. "
                + "Lower Steps, the batch size or the size of the student.");
        }
        _values = values;
        _optimized = [.. values.Optimized.Select(value => Store(value, steps))];
        _states = Store(values.State, steps);
        _kept = Store(values.Kept, steps);
    }

    public void BeforeStep(int step)
    {
        for (var i = 0; i < _optimized.Length; i++)
            Write(_values.Optimized[i], _optimized[i], step);
        Write(_values.State, _states, step);
    }

    public void AfterStep(int step) => Write(_values.Kept, _kept, step);

    public void Restore(int step)
    {
        for (var i = 0; i < _optimized.Length; i++)
            Read(_optimized[i], step, _values.Optimized[i]);
        Read(_states, step, _values.State);
        Read(_kept, step, _values.Restored);
    }

    public void Dispose()
    {
        foreach (var store in _optimized)
            store.Dispose();
        _states.Dispose();
        _kept.Dispose();
    }

    private static long Bytes(Tensor value) => value.numel() * value.element_size();

    private static Tensor Store(Tensor value, int steps) =>
        empty([steps, value.numel()], value.dtype, value.device).DetachFromDisposeScope();

    private static void Write(Tensor value, Tensor store, int step)
    {
        using var row = store.select(0, step);
        row.copy_(value);
    }

    private static void Read(Tensor store, int step, Tensor value)
    {
        using var row = store.select(0, step);
        value.copy_(row);
    }
}
