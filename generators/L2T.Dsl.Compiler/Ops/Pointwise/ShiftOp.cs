using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x -> x + c, for a number c.</summary>
/// <param name="Offset">c.</param>
public sealed record ShiftOp(Scalar Offset) : UnaryOp
{
    /// <inheritdoc/>
    public override string Name => "shift";

    /// <inheritdoc/>
    public override string Attributes => Offset.ToString()!;

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.add({s0})") { InPlace = "{0}.add_({s0})", Lane = "{0} + {s0}", Scalars = [Offset] };

    /// <inheritdoc/>
    protected override Value? TimesDerivative(Value x, Value y, Value d, Builder b) => d;

    /// <inheritdoc/>
    protected override double Evaluate(double x, Bindings bindings) => x + bindings.Of(Offset);
}
