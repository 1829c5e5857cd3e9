using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// The greater or lesser of two numbers. Its derivative is that of the number taken; a tie is shared, half to each, as
/// in PyTorch: with s = sign(x - y), the greater has the derivatives (1 + s)/2 and (1 - s)/2.
/// </summary>
public abstract record ExtremumOp : BinaryOp
{
    /// <summary>1 for the greater, -1 for the lesser.</summary>
    protected abstract int Direction { get; }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b)
    {
        var left = b.Mul(g, Share(e, b));
        return [left, b.Sub(g, left)];
    }

    /// <inheritdoc/>
    protected sealed override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => (t[0], t[1]) switch
    {
        (null, { } y) => b.Sub(y, b.Mul(y, Share(e, b))),
        ({ } x, null) => b.Mul(x, Share(e, b)),
        ({ } x, { } y) => b.Add(y, b.Mul(b.Sub(x, y), Share(e, b))),
        _ => null,
    };

    /// <summary>The derivative to the left operand.</summary>
    private Value Share(Equation e, Builder b) =>
        b.Shift(b.Scale(b.Sign(b.Sub(e.Operands[0], e.Operands[1])), 0.5 * Direction), 0.5);
}
