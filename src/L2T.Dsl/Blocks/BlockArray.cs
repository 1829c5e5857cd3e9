using System.Runtime.CompilerServices;
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
    /// <summary>What the blocks of empty arrays would be: their tensors have a place in layouts all the same, of no elements.</summary>
    private static readonly ConditionalWeakTable<object, object> Absent = [];

    /// <summary>Blocks that are alike, each with its own tensors.</summary>
    /// <param name="count">How many; there may be none.</param>
    /// <param name="make">Makes one.</param>
    /// <exception cref="L2TException"><paramref name="count"/> is negative.</exception>
    public static TBlock[] Of<TBlock>(int count, Func<TBlock> make)
        where TBlock : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return Of(count, _ => make());
    }

    /// <summary>
    /// Blocks whose sizes depend on their place, by sums and products:
    /// <code>
    /// private readonly Dense[] _layers = BlockArray.Of(layers, i => new Dense(width + i * growth, growth));
    ///
    /// foreach (var layer in _layers)
    ///     x = cat([x, layer.Forward(x)], 1);
    /// </code>
    /// Each tensor of theirs is one of the holder's too, flat, and the loop is a loop in the generated code: a tensor may grow
    /// in it by as much each time.
    /// </summary>
    /// <param name="count">How many; there may be none.</param>
    /// <param name="make">Makes the one at a place, counted from 0.</param>
    /// <exception cref="L2TException"><paramref name="count"/> is negative.</exception>
    public static TBlock[] Of<TBlock>(int count, Func<int, TBlock> make)
        where TBlock : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (count < 0)
            throw new L2TException($"An array of {count} '{typeof(TBlock).Name}' can't be made. Give a number of blocks that is not negative.");
        var blocks = new TBlock[count];
        for (var i = 0; i < count; i++)
            blocks[i] = make(i);
        if (count == 0)
            Absent.Add(blocks, make(0));
        return blocks;
    }

    /// <summary>For generated code: the tensors of blocks that are alike, stacked.</summary>
    public static IEnumerable<TensorSlot> StackedLayout(string field, IReadOnlyList<object> blocks) =>
        OneOf(blocks).Layout.Select(slot => slot.Stacked(blocks.Count).Prefixed(field));

    /// <summary>For generated code: the tensors of blocks whose sizes depend on their place, those of one name in one.</summary>
    public static IEnumerable<TensorSlot> Layout(string field, IReadOnlyList<object> blocks)
    {
        if (blocks.Count == 0)
            return OneOf(blocks).Layout.Select(slot => TensorSlot.Joined(slot, []).Prefixed(field));
        TensorSlot[][] layouts = [.. blocks.Select(block => ((ITensorModule)block).Layout.ToArray())];
        return layouts[0].Select((slot, i) => TensorSlot.Joined(slot, [.. layouts.Select(layout => layout[i])]).Prefixed(field));
    }

    /// <summary>For generated code: lends blocks that are alike their parts of stacked tensors.</summary>
    public static void BindStacked(IReadOnlyList<object> blocks, TensorCursor cursor)
    {
        var parts = cursor.Split(OneOf(blocks).Layout.Count, blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
            ((ITensorModule)blocks[i]).Bind(parts[i]);
    }

    /// <summary>For generated code: lends blocks whose sizes depend on their place their parts of what <see cref="Layout"/> describes.</summary>
    public static void Bind(IReadOnlyList<object> blocks, TensorCursor cursor)
    {
        if (blocks.Count == 0)
        {
            BindStacked(blocks, cursor);
            return;
        }

        var parts = cursor.Split([.. blocks.Select(block => ((ITensorModule)block).Layout.Select(slot => slot.Shape).ToArray())]);
        for (var i = 0; i < blocks.Count; i++)
            ((ITensorModule)blocks[i]).Bind(parts[i]);
    }

    private static ITensorModule OneOf(IReadOnlyList<object> blocks) =>
        (ITensorModule)(blocks.Count > 0 ? blocks[0] : Absent.TryGetValue(blocks, out var absent) ? absent : throw new L2TException("An empty array of blocks must be made by BlockArray.Of."));
}
