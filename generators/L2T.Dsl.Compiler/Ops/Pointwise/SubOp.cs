using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x - y.</summary>
public sealed record SubOp : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "sub";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.sub({1})") { InPlace = "{0}.sub_({1})", InPlaceRight = "{1}.neg_().add_({0}, Products.One)", Lane = "{0} - {1}" };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] && zero[1];

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [g, b.Scale(g, -1)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.SubOrNull(t[0], t[1]);

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => x - y;
}
