using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(x, i): the slices of x along a dimension that the list i names, in its order; linear in x.</summary>
/// <param name="Axis">The dimension, not negative.</param>
public sealed record IndexSelectOp(int Axis) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "index_select";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.index_select({Axis}, {{1}})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape shape = operands[0].RequireAxis(Axis).Shape, index = operands[1].RequireInteger().Shape;
        return index.Rank == 1
            ? operands[0] with { Shape = new(shape.Dims.With(Axis, index[0])) }
            : throw new ShapeException(index.ToString(), "a list of indices", "it must have one dimension");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.IndexAdd(g, e.Operands[1], Axis, e.Operands[0].Shape[Axis]), null];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.IndexSelect(t[0]!, e.Operands[1], Axis);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var (x, labels) = (operands[0], operands[1]);
        return NdArray.Generate(
            [.. x.Shape.Select((size, d) => d == Axis ? labels.Shape[0] : size)],
            index => x[[.. index.Select((i, d) => d == Axis ? (long)labels[i] : i)]]);
    }
}
