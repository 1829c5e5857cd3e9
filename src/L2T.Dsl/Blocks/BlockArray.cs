using L2T.Dsl.Tensors;

namespace L2T.Dsl;

/// <summary>
/// Makes arrays of blocks, which a body calls one after the other:
/// <code>
/// private readonly Residual[] _blocks = BlockArray.Of(depth, () => new Residual(width));
///
/// foreach (var block in _blocks)
///     x = block.Forward(x);
/// </code>
/// Blocks that are alike lie together: each tensor of theirs is one of the holder's, [count, ...], and the loop is a loop in the
/// generated code, however many there are.
/// </summary>
public static class BlockArray
{
    /// <summary>Blocks that are alike, each with its own tensors.</summary>
    /// <param name="count">How many, at least one.</param>
    /// <param name="make">Makes one.</param>
    /// <exception cref="L2TException"><paramref name="count"/> is less than one.</exception>
    public static TBlock[] Of<TBlock>(int count, Func<TBlock> make)
        where TBlock : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return Of(count, _ => make());
    }

    /// <summary>Blocks whose sizes depend on their place; a loop over them is written out, so their number must be a constant.</summary>
    /// <param name="count">How many, at least one.</param>
    /// <param name="make">Makes the one at a place, counted from 0.</param>
    /// <exception cref="L2TException"><paramref name="count"/> is less than one.</exception>
    public static TBlock[] Of<TBlock>(int count, Func<int, TBlock> make)
        where TBlock : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return count >= 1
            ? [.. Enumerable.Range(0, count).Select(make)]
            : throw new L2TException($"An array of {count} '{typeof(TBlock).Name}' has no tensors. Make it of one block or more.");
    }

    /// <summary>For generated code: the tensors of blocks that are alike, stacked.</summary>
    public static IEnumerable<TensorSlot> StackedLayout(string field, IReadOnlyList<object> blocks) =>
        ((ITensorModule)blocks[0]).Layout.Select(slot => slot.Stacked(blocks.Count).Prefixed(field));

    /// <summary>For generated code: the tensors of blocks that differ, one block after the other.</summary>
    public static IEnumerable<TensorSlot> Layout(string field, IReadOnlyList<object> blocks) =>
        blocks.SelectMany((block, i) => ((ITensorModule)block).Layout.Select(slot => slot.Prefixed($"{field}[{i}]")));

    /// <summary>For generated code: lends blocks that are alike their parts of stacked tensors.</summary>
    public static void BindStacked(IReadOnlyList<object> blocks, TensorCursor cursor)
    {
        var parts = cursor.Split(((ITensorModule)blocks[0]).Layout.Count, blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
            ((ITensorModule)blocks[i]).Bind(parts[i]);
    }
}
