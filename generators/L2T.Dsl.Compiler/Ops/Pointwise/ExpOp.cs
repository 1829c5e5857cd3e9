using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = e^x; y' = y.</summary>
public sealed record ExpOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "exp";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.exp()") { InPlace = "{0}.exp_()", Lane = "Lanes.Exp({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, y);

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Exp(x);
}
