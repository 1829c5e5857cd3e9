using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x limited to [a, b]; the derivative is 1 there, the ends included, and 0 outside, as in PyTorch.</summary>
/// <param name="Lower">a, which may be minus infinity.</param>
/// <param name="Upper">b, which may be infinity.</param>
public sealed record ClampOp(Scalar Lower, Scalar Upper) : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "clamp";

    /// <inheritdoc/>
    public override string Attributes => $"{Lower}, {Upper}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.clamp({s0}, {s1})")
    {
        InPlace = "{0}.clamp_({s0}, {s1})",
        Lane = "Lanes.Clamp({0}, {s0}, {s1})",
        Scalars = [Lower, Upper],
    };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b)
    {
        if (Lower.Value != double.NegativeInfinity)
        {
            d = b.Mul(d, b.ToReal(b.Compare(Comparison.GreaterOrEqual, x, Lower)));
        }

        return Upper.Value == double.PositiveInfinity ? d : b.Mul(d, b.ToReal(b.Compare(Comparison.LessOrEqual, x, Upper)));
    }

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Min(Math.Max(x, bindings.Of(Lower)), bindings.Of(Upper));
}
