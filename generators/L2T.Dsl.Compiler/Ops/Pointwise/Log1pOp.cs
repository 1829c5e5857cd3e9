using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = log(1 + x), exact for small x; y' = 1/(1 + x).</summary>
public sealed record Log1pOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "log1p";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.log1p()") { InPlace = "{0}.log1p_()", Lane = "Lanes.Log1p({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Div(d, b.Shift(x, 1));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => SpecialFunctions.Log1p(x);
}
