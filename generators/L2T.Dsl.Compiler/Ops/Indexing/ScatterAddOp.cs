using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(g, i): zeros, to which the elements of g are added where i says along a dimension: the transpose of <see cref="GatherOp"/>.</summary>
/// <param name="Axis">The dimension, not negative.</param>
/// <param name="Size">The size of the dimension in the result.</param>
public sealed record ScatterAddOp(int Axis, Dim Size) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "scatter_add";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}: {Size}";

    /// <inheritdoc/>
    public override CSharpForm CSharp
    {
        get
        {
            var add = $"scatter_add_({Axis}, {{1}}, {{0}})";
            return new($"torch.zeros([{{shape}}], dtype: Dtype, device: Device).{add}")
            {
                Into = $"{{r}}.fill_({{s0}}).{add}",
                Accumulate = $"{{t}}.{add}",
                Scalars = [0.0],
            };
        }
    }

    /// <summary>1 for each element of the operand.</summary>
    public override Dim Flops(Equation equation) => equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape shape = operands[0].RequireReal().RequireAxis(Axis).Shape, index = operands[1].RequireInteger().Shape;
        return shape == index
            ? TensorType.Real(new Shape(shape.Dims.With(Axis, Size)))
            : throw new ShapeException(index, shape, "there must be one index for each element");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Gather(g, e.Operands[1], Axis), null];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.ScatterAdd(t[0]!, e.Operands[1], Axis, Size);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var (g, labels) = (operands[0], operands[1]);
        return g.ScatterAdd(
            [.. g.Shape.Select((size, d) => d == Axis ? bindings.Of(Size) : size)],
            index => [.. index.Select((i, d) => d == Axis ? (long)labels[index] : i)]);
    }
}
