using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = |x|; y' = sign x, which is 0 at 0.</summary>
public sealed record AbsOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "abs";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.abs()") { InPlace = "{0}.abs_()", Lane = "Lanes.Abs({0})" };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, b.Sign(x));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Abs(x);
}
