using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = cos x; y' = -sin x.</summary>
public sealed record CosOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "cos";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.cos()") { InPlace = "{0}.cos_()", Lane = "Lanes.Cos({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Scale(b.Mul(d, b.Sin(x)), -1);

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Cos(x);
}
