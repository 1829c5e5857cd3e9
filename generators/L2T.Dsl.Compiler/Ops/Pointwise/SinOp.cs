using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = sin x; y' = cos x.</summary>
public sealed record SinOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "sin";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.sin()") { InPlace = "{0}.sin_()", Lane = "Lanes.Sin({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, b.Cos(x));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Sin(x);
}
