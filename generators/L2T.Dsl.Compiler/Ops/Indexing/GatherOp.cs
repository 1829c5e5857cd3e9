using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(x, i): the elements of x that i names along a dimension; the result has the shape of i. Linear in x.</summary>
/// <param name="Axis">The dimension, not negative.</param>
public sealed record GatherOp(int Axis) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.gather({Axis}, {{1}})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape shape = operands[0].RequireAxis(Axis).Shape, index = operands[1].RequireInteger().Shape;
        return shape.Rank == index.Rank && shape.Dims.With(Axis, Dim.One) == index.Dims.With(Axis, Dim.One)
            ? operands[0] with { Shape = index }
            : throw new ShapeException(index, shape, $"indices along dimension {Axis} must have the tensor's other sizes");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.ScatterAdd(g, e.Operands[1], Axis, e.Operands[0].Shape[Axis]), null];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Gather(t[0]!, e.Operands[1], Axis);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var (x, labels) = (operands[0], operands[1]);
        return NdArray.Generate(labels.Shape, index => x[[.. index.Select((i, d) => d == Axis ? (long)labels[index] : i)]]);
    }
}
