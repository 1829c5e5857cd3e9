using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = max(x, 0); y' = step(x), taken as step(y), so that x need not live on.</summary>
public sealed record ReluOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "relu";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.relu()") { InPlace = "{0}.relu_()", Lane = "Lanes.Relu({0})" };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, b.Step(y));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => double.IsNaN(x) ? x : Math.Max(x, 0);
}
