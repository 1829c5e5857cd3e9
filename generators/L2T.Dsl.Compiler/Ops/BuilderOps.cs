using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The vocabulary of rules and lowering: one method an op, each folding what needs no equation.</summary>
public static class BuilderOps
{
    /// <summary>c x.</summary>
    public static Value Scale(this Builder b, Value x, Scalar c)
    {
        if (c.Value == 1)
        {
            return x;
        }

        return b.Binder(x)?.Op switch
        {
            ScaleOp inner => b.Scale(b.Binder(x)!.Operands[0], inner.Factor * c),
            FullOp full => b.Full(full.Target, full.Fill * c),
            // The number moves to the smaller side of a broadcast, where it meets other numbers.
            ExpandOp expand => b.Expand(b.Scale(b.Binder(x)!.Operands[0], c), expand.Target),
            _ => b.Apply(new ScaleOp(c), x),
        };
    }

    /// <summary>x + y.</summary>
    public static Value Add(this Builder b, Value x, Value y) =>
        b.IsZero(x) ? y : b.IsZero(y) ? x : x == y ? b.Scale(x, 2) : b.Apply(new AddOp(), x, y);

    /// <summary>x + y where null stands for zero.</summary>
    public static Value? AddOrNull(this Builder b, Value? x, Value? y) => (x, y) switch
    {
        (null, _) => y,
        (_, null) => x,
        _ => b.Add(x, y),
    };

    /// <summary>x y.</summary>
    public static Value Mul(this Builder b, Value x, Value y)
    {
        if (b.FillOf(x) is { } c)
        {
            return b.Scale(y, c);
        }

        if (b.FillOf(y) is { } d)
        {
            return b.Scale(x, d);
        }

        // One order of the operands, so that x y and y x are one equation.
        return x.Index <= y.Index ? b.Apply(new MulOp(), x, y) : b.Apply(new MulOp(), y, x);
    }

    /// <summary>The product of matrices, each transposed or not.</summary>
    public static Value MatMul(this Builder b, Value left, Value right, bool transposeLeft, bool transposeRight) =>
        b.Apply(new MatMulOp(transposeLeft, transposeRight), left, right);

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

    /// <summary>A constant tensor.</summary>
    public static Value Full(this Builder b, Shape shape, Scalar value) => b.Apply(new FullOp(shape, value));

    /// <summary>Sums over dimensions, kept with size 1.</summary>
    public static Value Sum(this Builder b, Value x, EquatableArray<int> axes)
    {
        var summed = axes.Where(a => x.Shape[a].Value != 1).ToEquatableArray();
        if (summed.Count == 0)
        {
            return x;
        }

        return b.FillOf(x) is { } fill
            ? b.Full(new(x.Shape.Dims.Select((d, i) => summed.Contains(i) ? Dim.One : d).ToEquatableArray()), fill * Scalar.Of(summed.Aggregate(Dim.One, (n, a) => n * x.Shape[a])))
            : b.Apply(new SumOp(summed), x);
    }

    /// <summary>The transpose of broadcasting: sums what was repeated.</summary>
    public static Value SumTo(this Builder b, Value x, Shape target)
    {
        var offset = x.Shape.Rank - target.Rank;
        var axes = Enumerable.Range(0, x.Shape.Rank).Where(i => i < offset || (target[i - offset].Value == 1 && x.Shape[i].Value != 1));
        return b.Reshape(b.Sum(x, axes.ToEquatableArray()), target);
    }

    /// <summary>e^x.</summary>
    public static Value Exp(this Builder b, Value x) => b.Apply(new ExpOp(), x);

    /// <summary>max(x, 0).</summary>
    public static Value Relu(this Builder b, Value x) => b.Apply(new ReluOp(), x);

    /// <summary>1 where x &gt; 0, else 0.</summary>
    public static Value Step(this Builder b, Value x) => b.Apply(new StepOp(), x);

    /// <summary>The number that fills a constant tensor; null for other values.</summary>
    public static Scalar? FillOf(this Builder b, Value x) => (b.Binder(x)?.Op as FullOp)?.Fill;

    /// <summary>Whether a value is a constant zero.</summary>
    public static bool IsZero(this Builder b, Value x) => b.FillOf(x)?.Value == 0;
}
