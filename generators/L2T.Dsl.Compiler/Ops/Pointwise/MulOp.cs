using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x y.</summary>
public sealed record MulOp : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "mul";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.mul({1})") { InPlace = "{0}.mul_({1})", InPlaceRight = "{1}.mul_({0})", Lane = "{0} * {1}" };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] || zero[1];

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Mul(g, e.Operands[1]), b.Mul(g, e.Operands[0])];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(
        t[0] is { } x ? b.Mul(x, e.Operands[1]) : null,
        t[1] is { } y ? b.Mul(y, e.Operands[0]) : null);

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => x * y;
}
