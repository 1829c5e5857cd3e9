using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The same elements, in row-major order, in another shape.</summary>
/// <param name="Target">The shape.</param>
public sealed record ReshapeOp(Shape Target) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override string Attributes => Target.ToString();

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.reshape([{shape}])")
    {
        IsView = true,
        KeepsLayout = true,

        // Of what is not contiguous, libtorch's reshape is a copy or, where the strides allow it, a view: this is a copy always.
        Into = "Small.Reshape({r}, {0})",
    };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        operands[0].Shape.Elements.Equals(Target.Elements)
            ? operands[0] with { Shape = Target }
            : throw new ShapeException(operands[0].Shape, Target, $"{operands[0].Shape.Elements} elements can't fill {Target.Elements}");

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Reshape(g, e.Operands[0].Shape)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Reshape(t[0]!, Target);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0].Reshape(bindings.Of(Target));
}
