using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = 1 where x &gt; 0, else 0: the derivative of relu. Its own derivative is zero.</summary>
public sealed record StepOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "step";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.gt({s0}).to_type({0}.dtype, disposeAfter: true)") { InPlace = "{0}.gt_({s0})", Lane = "Lanes.Step({0})", Scalars = [0.0] };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => null;

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => x > 0 ? 1 : 0;
}
