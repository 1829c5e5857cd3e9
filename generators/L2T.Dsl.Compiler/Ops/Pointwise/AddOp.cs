using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x + y.</summary>
public sealed record AddOp : BinaryOp
{
    /// <inheritdoc/>
    public override string Name => "add";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.add({1})") { InPlace = "{0}.add_({1}, Products.One)", InPlaceRight = "{1}.add_({0}, Products.One)", Lane = "{0} + {1}" };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] && zero[1];

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [g, g];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(t[0], t[1]);

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => x + y;
}
