using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Functions of one or two numbers.</content>
public static partial class BuilderOps
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
            ReshapeOp reshape => b.Reshape(b.Scale(b.Binder(x)!.Operands[0], c), reshape.Target),
            _ => b.Apply(new ScaleOp(c), x),
        };
    }

    /// <summary>x + c.</summary>
    public static Value Shift(this Builder b, Value x, Scalar c)
    {
        if (c.Value == 0)
        {
            return x;
        }

        return b.Binder(x)?.Op switch
        {
            ShiftOp inner => b.Shift(b.Binder(x)!.Operands[0], inner.Offset + c),
            FullOp full => b.Full(full.Target, full.Fill + c),
            _ => b.Map(new ShiftOp(c), x),
        };
    }

    /// <summary>x + y.</summary>
    public static Value Add(this Builder b, Value x, Value y)
    {
        if (b.FillOf(x) is { } c)
        {
            return b.Shift(y, c);
        }

        if (b.FillOf(y) is { } d)
        {
            return b.Shift(x, d);
        }

        if (x == y)
        {
            return b.Scale(x, 2);
        }

        return b.Joined(x, y) is { } joined ? joined
            : b.Joined(y, x) is { } swapped ? swapped
            : b.AddedAt(x, y) is { } placed ? placed
            : b.AddedAt(y, x) is { } other ? other
            : b.Negated(y) is { } subtracted ? b.Sub(x, subtracted)
            : b.Negated(x) is { } taken ? b.Sub(y, taken)
            : b.Map(new AddOp(), x, y);
    }

    /// <summary>x + y where null stands for zero.</summary>
    public static Value? AddOrNull(this Builder b, Value? x, Value? y) => (x, y) switch
    {
        (null, _) => y,
        (_, null) => x,
        _ => b.Add(x, y),
    };

    /// <summary>x - y.</summary>
    public static Value Sub(this Builder b, Value x, Value y)
    {
        if (b.FillOf(y) is { } c)
        {
            return b.Shift(x, -c);
        }

        if (b.FillOf(x) is { } d)
        {
            return b.Shift(b.Scale(y, -1), d);
        }

        return b.Negated(y) is { } added ? b.Add(x, added) : b.Map(new SubOp(), x, y);
    }

    /// <summary>x - y where null stands for zero.</summary>
    public static Value? SubOrNull(this Builder b, Value? x, Value? y) => (x, y) switch
    {
        (_, null) => x,
        (null, _) => b.Scale(y, -1),
        _ => b.Sub(x, y),
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
        return x.Index <= y.Index ? b.Map(new MulOp(), x, y) : b.Map(new MulOp(), y, x);
    }

    /// <summary>x / y.</summary>
    public static Value Div(this Builder b, Value x, Value y) =>
        b.FillOf(y) is { } c ? b.Scale(x, 1 / c)
        : b.FillOf(x) is { } d ? b.Scale(b.Pow(y, -1), d)
        : b.Map(new DivOp(), x, y);

    /// <summary>x^p; small whole powers are products.</summary>
    public static Value Pow(this Builder b, Value x, Scalar p) => p.Value switch
    {
        0 => b.Full(x.Shape, 1),
        1 => x,
        2 => b.Mul(x, x),
        3 => b.Mul(x, b.Mul(x, x)),
        _ => b.Map(new PowOp(p), x),
    };

    /// <summary>e^x.</summary>
    public static Value Exp(this Builder b, Value x) => b.Map(new ExpOp(), x);

    /// <summary>log x; of e^x it is x, so that the log of a softmax is a log-softmax.</summary>
    public static Value Log(this Builder b, Value x) => b.Binder(x) is { Op: ExpOp } exp ? exp.Operands[0] : b.Map(new LogOp(), x);

    /// <summary>log(1 + x).</summary>
    public static Value Log1p(this Builder b, Value x) => b.Map(new Log1pOp(), x);

    /// <summary>The square root.</summary>
    public static Value Sqrt(this Builder b, Value x) => b.Pow(x, 0.5);

    /// <summary>tanh x.</summary>
    public static Value Tanh(this Builder b, Value x) => b.Map(new TanhOp(), x);

    /// <summary>1/(1 + e^-x).</summary>
    public static Value Sigmoid(this Builder b, Value x) => b.Map(new SigmoidOp(), x);

    /// <summary>log(1 + e^x).</summary>
    public static Value Softplus(this Builder b, Value x) => b.Map(new SoftplusOp(), x);

    /// <summary>The error function.</summary>
    public static Value Erf(this Builder b, Value x) => b.Map(new ErfOp(), x);

    /// <summary>sin x.</summary>
    public static Value Sin(this Builder b, Value x) => b.Map(new SinOp(), x);

    /// <summary>cos x.</summary>
    public static Value Cos(this Builder b, Value x) => b.Map(new CosOp(), x);

    /// <summary>|x|.</summary>
    public static Value Abs(this Builder b, Value x) => b.Map(new AbsOp(), x);

    /// <summary>-1, 0 or 1 by the sign of x.</summary>
    public static Value Sign(this Builder b, Value x) => b.Map(new SignOp(), x);

    /// <summary>max(x, 0).</summary>
    public static Value Relu(this Builder b, Value x) => b.Map(new ReluOp(), x);

    /// <summary>1 where x &gt; 0, else 0.</summary>
    public static Value Step(this Builder b, Value x) => b.Map(new StepOp(), x);

    /// <summary>x limited to a range, whose ends may be infinite.</summary>
    public static Value Clamp(this Builder b, Value x, Scalar lower, Scalar upper) => b.Map(new ClampOp(lower, upper), x);

    /// <summary>The greater of x and y.</summary>
    public static Value Maximum(this Builder b, Value x, Value y) => b.Map(new MaximumOp(), x, y);

    /// <summary>The lesser of x and y.</summary>
    public static Value Minimum(this Builder b, Value x, Value y) => b.Map(new MinimumOp(), x, y);

    /// <summary>y where x is written as -y.</summary>
    private static Value? Negated(this Builder b, Value x) => b.Binder(x) switch
    {
        { Op: ScaleOp { Factor.Value: -1 } } scale => scale.Operands[0],
        { Op: ExpandOp expand } inner when b.Negated(inner.Operands[0]) is { } y => b.Expand(y, expand.Target),
        _ => null,
    };
}
