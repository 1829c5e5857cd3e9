using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = 1/(1 + e^-x); y' = y - y^2.</summary>
public sealed record SigmoidOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sigmoid";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.sigmoid()") { InPlace = "{0}.sigmoid_()", Lane = "Lanes.Sigmoid({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, b.Sub(y, b.Mul(y, y)));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => 1 / (1 + Math.Exp(-x));
}
