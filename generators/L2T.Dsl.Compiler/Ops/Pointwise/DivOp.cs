using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>z = x / y; dz = (dx - z dy) / y, so that x need not live on.</summary>
public sealed record DivOp : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "div";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.div({1})") { InPlace = "{0}.div_({1})", Lane = "{0} / {1}" };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b)
    {
        var left = b.Div(g, e.Operands[1]);
        return [left, b.Scale(b.Mul(left, e.Result), -1)];
    }

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) =>
        b.Div(b.SubOrNull(t[0], t[1] is { } y ? b.Mul(y, e.Result) : null)!, e.Operands[1]);

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => x / y;
}
