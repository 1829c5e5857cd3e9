using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = tanh x; y' = 1 - y^2.</summary>
public sealed record TanhOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "tanh";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.tanh()") { InPlace = "{0}.tanh_()", Lane = "Lanes.Tanh({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Sub(d, b.Mul(d, b.Mul(y, y)));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Tanh(x);
}
