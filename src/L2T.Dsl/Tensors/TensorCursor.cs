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

    /// <summary>The parts of the next tensors, each of which holds one of every block: a cursor for each block, which needs no disposal of its own.</summary>
    /// <param name="blocks">The shapes of each block's tensors, in the order of the next tensors.</param>
    internal TensorCursor[] Split(IReadOnlyList<IReadOnlyList<long[]>> blocks)
    {
        var count = blocks.Count == 0 ? 0 : blocks[0].Count;
        Tensor[] wholes = [.. Enumerable.Range(0, count).Select(_ => Next())];
        var starts = new long[count];
        return [.. blocks.Select(shapes => new TensorCursor([.. wholes.Select((whole, i) => Part(whole, ref starts[i], shapes[i]))], _parts))];
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

    private Tensor Part(Tensor whole, ref long start, long[] shape)
    {
        var count = TensorSlot.Elements(shape);
        using var flat = whole.view(-1);
        using var stretch = flat.narrow(0, start, count);
        var part = stretch.view(shape).DetachFromDisposeScope();
        _parts.Add(part);
        start += count;
        return part;
    }
}
