using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = log x; y' = 1/x.</summary>
public sealed record LogOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.log()") { InPlace = "{0}.log_()", Lane = "Lanes.Log({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Div(d, x);

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Log(x);
}
