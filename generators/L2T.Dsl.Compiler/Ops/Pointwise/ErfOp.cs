using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = erf x, the error function; y' = 2/sqrt(pi) e^(-x^2).</summary>
public sealed record ErfOp : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "erf";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.erf()") { InPlace = "{0}.erf_()" };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => b.Scale(b.Mul(d, b.Exp(b.Scale(b.Mul(x, x), -1))), 2 / Math.Sqrt(Math.PI));

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => SpecialFunctions.Erf(x);
}
