using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Constants, and the same elements in another arrangement.</content>
public static partial class BuilderOps
{
    /// <summary>A constant tensor.</summary>
    public static Value Full(this Builder b, Shape shape, Scalar value) => b.Apply(new FullOp(shape, value));

    /// <summary>Ones on the main diagonal, zeros elsewhere.</summary>
    public static Value Eye(this Builder b, Dim rows, Dim columns) => b.Apply(new EyeOp(rows, columns));

    /// <summary>The integers from 0 up to a size, excluded.</summary>
    public static Value Arange(this Builder b, Dim count) => b.Apply(new ArangeOp(count));

    /// <summary>The same tensor, taken as a constant.</summary>
    public static Value Detach(this Builder b, Value x) => b.Apply(new DetachOp(), x);

    /// <summary>Broadcasts.</summary>
    public static Value Expand(this Builder b, Value x, Shape target) =>
        x.Shape == target ? x
        : b.Binder(x) is { Op: FullOp full } ? b.Full(target, full.Fill)
        : b.Binder(x) is { Op: ExpandOp } inner ? b.Expand(inner.Operands[0], target)
        : b.Apply(new ExpandOp(target), x);

    /// <summary>Another shape.</summary>
    public static Value Reshape(this Builder b, Value x, Shape target) =>
        x.Shape == target ? x
        : b.Binder(x) is { Op: FullOp full } ? b.Full(target, full.Fill)
        : b.Binder(x) is { Op: ReshapeOp } inner ? b.Reshape(inner.Operands[0], target)
        : b.Apply(new ReshapeOp(target), x);

    /// <summary>The dimensions in another order.</summary>
    public static Value Permute(this Builder b, Value x, EquatableArray<int> order)
    {
        if (order.Select((axis, i) => axis == i).All(kept => kept))
        {
            return x;
        }

        return b.Binder(x) switch
        {
            { Op: FullOp full } => b.Full(new(order.Select(axis => full.Target[axis]).ToEquatableArray()), full.Fill),
            { Op: PermuteOp inner } permute => b.Permute(permute.Operands[0], order.Select(axis => inner.Order[axis]).ToEquatableArray()),
            _ => b.Apply(new PermuteOp(order), x),
        };
    }

    /// <summary>Two dimensions swapped.</summary>
    public static Value Transpose(this Builder b, Value x, int first, int second) =>
        b.Permute(x, Enumerable.Range(0, x.Shape.Rank).Select(i => i == first ? second : i == second ? first : i).ToEquatableArray());

    /// <summary>The elements of some dimensions in the opposite order.</summary>
    public static Value Flip(this Builder b, Value x, EquatableArray<int> axes)
    {
        var moved = axes.Where(axis => x.Shape[axis].Value != 1).OrderBy(axis => axis).ToEquatableArray();
        return moved.Count == 0 || b.Binder(x) is { Op: FullOp } ? x
            : b.Binder(x) is { Op: FlipOp inner } flip && inner.Axes == moved ? flip.Operands[0]
            : b.Apply(new FlipOp(moved), x);
    }

    /// <summary>A stretch of a dimension.</summary>
    public static Value Narrow(this Builder b, Value x, int axis, Dim start, Dim length)
    {
        if (start.Value == 0 && length.Equals(x.Shape[axis]))
        {
            return x;
        }

        switch (b.Binder(x))
        {
            case { Op: FullOp full }:
                return b.Full(new(x.Shape.Dims.With(axis, length)), full.Fill);
            case { Op: NarrowOp outer } narrow when outer.Axis == axis:
                return b.Narrow(narrow.Operands[0], axis, outer.Start + start, length);
            case { Op: CatOp cat } parts when cat.Axis == axis:
                var offset = Dim.Zero;
                foreach (var part in parts.Operands)
                {
                    if (offset.Equals(start) && part.Shape[axis].Equals(length))
                    {
                        return part;
                    }

                    offset += part.Shape[axis];
                }

                break;
        }

        return b.Apply(new NarrowOp(axis, start, length), x);
    }

    /// <summary>Zeros before and after the elements of a dimension.</summary>
    public static Value Pad(this Builder b, Value x, int axis, Dim before, Dim after)
    {
        var none = Enumerable.Repeat(Dim.Zero, x.Shape.Rank).ToEquatableArray();
        return b.Pad(x, none.With(axis, before), none.With(axis, after));
    }

    /// <summary>Zeros before and after the elements of each dimension.</summary>
    public static Value Pad(this Builder b, Value x, EquatableArray<Dim> before, EquatableArray<Dim> after) =>
        before.Concat(after).All(d => d.Value == 0) ? x : b.Apply(new PadOp(before, after), x);

    /// <summary>Zeros above or below a diagonal of matrices.</summary>
    public static Value Triangle(this Builder b, Value x, bool isUpper, Dim diagonal) => b.Apply(new TriangleOp(isUpper, diagonal), x);

    /// <summary>Tensors one after another along a dimension.</summary>
    public static Value Cat(this Builder b, int axis, params Value[] parts)
    {
        Value[] flat = [.. parts.SelectMany(p => b.Binder(p) is { Op: CatOp cat } inner && cat.Axis == axis ? inner.Operands.ToArray() : [p])];
        return flat.Length == 1 ? flat[0] : b.Apply(new CatOp(axis, flat.Length), flat);
    }

    /// <summary>The same tensor in a place of its own, row by row.</summary>
    public static Value Copy(this Builder b, Value x) => b.Apply(new CatOp(0, 1), x);

    /// <summary>The sum of what a loop carries and a padded tensor: the zeros need not be added.</summary>
    private static Value? AddedAt(this Builder b, Value carry, Value padded) =>
        b.Inputs.Any(i => i.Role == InputRole.Carry && i.Value == carry)
            && b.Binder(padded) is { Op: PadOp pad } part && pad.Padded.ToArray() is [var axis]
            ? b.Apply(new AddAtOp(axis, pad.Before[axis]), carry, part.Operands[0])
            : null;

    /// <summary>The sum of two padded tensors of which the second begins where the first ends: what stretches of one tensor hand back.</summary>
    private static Value? Joined(this Builder b, Value first, Value second)
    {
        if (b.Binder(first) is not { Op: PadOp left } before || b.Binder(second) is not { Op: PadOp right } behind
            || left.Padded.Union(right.Padded).ToArray() is not [var axis])
        {
            return null;
        }

        Value x = before.Operands[0], y = behind.Operands[0];
        return (left.Before[axis] + x.Shape[axis]).Equals(right.Before[axis])
            ? b.Pad(b.Cat(axis, x, y), axis, left.Before[axis], right.After[axis])
            : null;
    }
}
