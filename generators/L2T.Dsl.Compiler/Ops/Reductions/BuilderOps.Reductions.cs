using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Reductions; reduced dimensions stay with size 1.</content>
public static partial class BuilderOps
{
    /// <summary>Sums over dimensions; what is repeated is multiplied instead.</summary>
    public static Value Sum(this Builder b, Value x, EquatableArray<int> axes)
    {
        var summed = axes.Where(a => x.Shape[a].Value != 1).ToEquatableArray();
        if (summed.Count == 0)
        {
            return x;
        }

        var result = x.Shape.Keeping(summed);
        if (b.FillOf(x) is { } fill)
        {
            return b.Full(result, fill * x.Shape.Count(summed));
        }

        // What is put among zeros along a summed dimension has the same sum wherever it is put.
        switch (b.Binder(x))
        {
            case { Op: ScatterAddOp scatter } put when summed.Contains(scatter.Axis):
                return b.Sum(put.Operands[0], summed);
            case { Op: IndexAddOp add } put when summed.Contains(add.Axis):
                return b.Sum(put.Operands[0], summed);
            case { Op: PadOp pad } put when pad.Padded.All(summed.Contains):
                return b.Sum(put.Operands[0], summed);
        }

        if (b.Binder(x) is { Op: ExpandOp } expand)
        {
            var from = expand.Operands[0];
            var offset = x.Shape.Rank - from.Shape.Rank;
            var repeated = summed.Where(a => a < offset || !from.Shape[a - offset].Equals(x.Shape[a])).ToArray();
            if (repeated.Length > 0)
            {
                var rest = b.Sum(from, summed.Except(repeated).Select(a => a - offset).ToEquatableArray());
                return b.Expand(b.Scale(rest, x.Shape.Count(repeated)), result);
            }
        }

        return b.Apply(new SumOp(summed), x);
    }

    /// <summary>Means over dimensions.</summary>
    public static Value Mean(this Builder b, Value x, EquatableArray<int> axes) => b.Scale(b.Sum(x, axes), 1 / x.Shape.Count(axes));

    /// <summary>The transpose of broadcasting: sums what was repeated.</summary>
    public static Value SumTo(this Builder b, Value x, Shape target)
    {
        var offset = x.Shape.Rank - target.Rank;
        var axes = Enumerable.Range(0, x.Shape.Rank).Where(i => i < offset || (target[i - offset].Value == 1 && x.Shape[i].Value != 1));
        return b.Reshape(b.Sum(x, axes.ToEquatableArray()), target);
    }

    /// <summary>The greatest elements over dimensions.</summary>
    public static Value Amax(this Builder b, Value x, EquatableArray<int> axes)
    {
        var reduced = axes.Where(a => x.Shape[a].Value != 1).ToEquatableArray();
        return reduced.Count == 0 ? x : b.Apply(new AmaxOp(reduced), x);
    }

    /// <summary>The least elements over dimensions.</summary>
    public static Value Amin(this Builder b, Value x, EquatableArray<int> axes)
    {
        var reduced = axes.Where(a => x.Shape[a].Value != 1).ToEquatableArray();
        return reduced.Count == 0 ? x : b.Apply(new AminOp(reduced), x);
    }

    /// <summary>Where the greatest element of a dimension stands.</summary>
    public static Value ArgMax(this Builder b, Value x, int axis) => b.Apply(new ArgMaxOp(axis), x);

    /// <summary>log sum e^x over a dimension.</summary>
    public static Value LogSumExp(this Builder b, Value x, int axis) => b.Apply(new LogSumExpOp(axis), x);

    /// <summary>log softmax x over a dimension.</summary>
    public static Value LogSoftmax(this Builder b, Value x, int axis) => b.Apply(new LogSoftmaxOp(axis), x);

    /// <summary>softmax x over a dimension.</summary>
    public static Value Softmax(this Builder b, Value x, int axis) => b.Exp(b.LogSoftmax(x, axis));

    /// <summary>The shape with dimensions reduced to size 1.</summary>
    internal static Shape Keeping(this Shape shape, IEnumerable<int> axes) => new(shape.Dims.Select((d, i) => axes.Contains(i) ? Dim.One : d).ToEquatableArray());

    /// <summary>The shape without some of its dimensions.</summary>
    internal static Shape Without(this Shape shape, EquatableArray<int> axes) => new(shape.Dims.Where((_, i) => !axes.Contains(i)).ToEquatableArray());

    /// <summary>All dimensions of a shape.</summary>
    internal static EquatableArray<int> Axes(this Shape shape) => Enumerable.Range(0, shape.Rank).ToEquatableArray();

    /// <summary>How many elements stand in these dimensions.</summary>
    internal static Scalar Count(this Shape shape, IEnumerable<int> axes) => Scalar.Of(axes.Aggregate(Dim.One, (n, a) => n * shape[a]));
}
