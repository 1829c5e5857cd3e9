using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// y = log(1 + e^x) without overflow; y' = sigmoid x. libtorch's default returns x itself beyond 20, which is off by up
/// to 2.1e-9; the threshold 50 taken here makes the two agree to the last bit of a double.
/// </summary>
public sealed record SoftplusOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "softplus";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.softplus(1, 50)") { Lane = "Lanes.Softplus({0})", IsLaneDear = true };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Mul(d, b.Sigmoid(x));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x)));
}
