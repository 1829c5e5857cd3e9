using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = -1, 0 or 1 by the sign of x. Its derivative is zero wherever it exists.</summary>
public sealed record SignOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sign";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.sign()") { InPlace = "{0}.sign_()", Lane = "Lanes.Sign({0})" };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => null;

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => x > 0 ? 1 : x < 0 ? -1 : 0;
}
