using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>x -> c x, for a number c. Negation is c = -1.</summary>
/// <param name="Factor">c.</param>
public sealed record ScaleOp(Scalar Factor) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "scale";

    /// <inheritdoc/>
    public override string Attributes => Factor.ToString()!;

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.mul({s0})") { InPlace = "{0}.mul_({s0})", Lane = "{s0} * {0}", Scalars = [Factor] };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <summary>1 for each element.</summary>
    public override Dim Flops(Equation equation) => equation.Result.Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].RequireReal();

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Scale(g, Factor)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Scale(t[0]!, Factor);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var factor = bindings.Of(Factor);
        return operands[0].Map(x => factor * x);
    }
}
