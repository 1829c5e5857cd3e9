using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Truth values or integers as reals, or truth values as integers: 1 and 0.</summary>
/// <param name="Target">The element type of the result.</param>
public sealed record CastOp(ElementType Target) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "cast";

    /// <inheritdoc/>
    public override string Attributes => Target == ElementType.Real ? "real" : "int";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.to_type({(Target == ElementType.Real ? "Dtype" : "torch.int64")})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => (operands[0].Element, Target) switch
    {
        (ElementType.Boolean or ElementType.Integer, ElementType.Real) or (ElementType.Boolean, ElementType.Integer) => operands[0] with { Element = Target },
        _ => throw new ShapeException(operands[0].ToString(), Attributes, "only truth values and integers are converted, to integers or reals"),
    };

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0];
}
