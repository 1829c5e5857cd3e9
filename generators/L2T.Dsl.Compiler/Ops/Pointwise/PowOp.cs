using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// y = x^p for a number p; y' = p x^(p-1). Square root, reciprocal and their product are the powers 1/2, -1 and -1/2;
/// their derivatives are taken from y, so that x need not live on.
/// </summary>
/// <param name="Exponent">p.</param>
public sealed record PowOp(Scalar Exponent) : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => Native ?? "pow";

    /// <inheritdoc/>
    public override string Attributes => Native is null ? Exponent.ToString()! : "";

    /// <inheritdoc/>
    public override CSharpForm CSharp => Native is { } native
        ? new($"{{0}}.{native}()") { InPlace = $"{{0}}.{native}_()", Lane = $"Lanes.{char.ToUpperInvariant(native[0])}{native.Substring(1)}({{0}})", IsLaneDear = true }
        : new("{0}.pow({s0})") { InPlace = "{0}.pow_({s0})", Scalars = [Exponent] };

    /// <summary>The method that libtorch has for this power, if it has one.</summary>
    private string? Native => Exponent.Value switch
    {
        0.5 => "sqrt",
        -1 => "reciprocal",
        -0.5 => "rsqrt",
        _ => null,
    };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => Exponent.Value switch
    {
        0.5 => b.Div(b.Scale(d, 0.5), y),
        -1 => b.Scale(b.Mul(d, b.Mul(y, y)), -1),
        -0.5 => b.Scale(b.Mul(d, b.Pow(y, 3)), -0.5),
        _ => b.Scale(b.Mul(d, b.Pow(x, Exponent - 1)), Exponent),
    };

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => Math.Pow(x, bindings.Of(Exponent));
}
