using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Hands tensors to modules in layout order. It owns none of them, but the parts of stacked ones that it makes for arrays of blocks: these
/// end with the cursor.
/// </summary>
public sealed class TensorCursor : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly List<Tensor> _parts;
    private int _next;

    /// <summary>A cursor that stands before the first of <paramref name="tensors"/>.</summary>
    public TensorCursor(IReadOnlyList<Tensor> tensors) : this(tensors, []) { }

    private TensorCursor(IReadOnlyList<Tensor> tensors, List<Tensor> parts)
    {
        _tensors = tensors;
        _parts = parts;
    }

    /// <summary>How many tensors are left.</summary>
    public int Remaining => _tensors.Count - _next;

    /// <summary>The next tensor.</summary>
    /// <exception cref="L2TException">All of them have been handed out.</exception>
    public Tensor Next() => _next < _tensors.Count
        ? _tensors[_next++]
        : throw new L2TException(
            $"The module asks for more than the {_tensors.Count} tensors it was given. Give one tensor for each slot of its Layout, in order.");

    /// <summary>The elements of the next tensors along their first dimension: a cursor for each place, which needs no disposal of its own.</summary>
    /// <param name="stacked">How many of the next tensors are stacked.</param>
    /// <param name="count">How many elements each has.</param>
    internal TensorCursor[] Split(int stacked, int count)
    {
        Tensor[] stacks = [.. Enumerable.Range(0, stacked).Select(_ => Next())];
        return [.. Enumerable.Range(0, count).Select(i => new TensorCursor([.. stacks.Select(stack => Part(stack, i))], _parts))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _parts.Clear();
    }

    private Tensor Part(Tensor stack, int index)
    {
        var part = stack.select(0, index).DetachFromDisposeScope();
        _parts.Add(part);
        return part;
    }
}
