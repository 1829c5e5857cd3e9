using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Tensors one after another along a dimension.</summary>
/// <param name="Axis">The dimension, not negative.</param>
/// <param name="Count">How many tensors.</param>
public sealed record CatOp(int Axis, int Count) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "cat";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp
    {
        get
        {
            var parts = string.Join(", ", Enumerable.Range(0, Count).Select(i => $"{{{i}}}"));
            return new($"torch.cat([{parts}], {Axis})") { Into = $"Small.Cat({{r}}, {Axis}, {parts})" };
        }
    }

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var first = operands[0].RequireAxis(Axis);
        foreach (var other in operands)
        {
            if (other.Element != first.Element || other.Shape.Rank != first.Shape.Rank || first.Shape.Dims.With(Axis, Dim.One) != other.Shape.Dims.With(Axis, Dim.One))
            {
                throw new ShapeException(first.ToString(), other.ToString(), $"tensors joined along dimension {Axis} must have one type and equal other sizes");
            }
        }

        return first with { Shape = new(first.Shape.Dims.With(Axis, operands.Aggregate(Dim.Zero, (sum, o) => sum + o.Shape[Axis]))) };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b)
    {
        var start = Dim.Zero;
        var parts = new List<Value?>();
        foreach (var operand in e.Operands)
        {
            parts.Add(b.Narrow(g, Axis, start, operand.Shape[Axis]));
            start += operand.Shape[Axis];
        }

        return parts;
    }

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) =>
        b.Apply(this, [.. t.Select((x, i) => x ?? b.Full(e.Operands[i].Shape, 0))]);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        long[] shape = [.. operands[0].Shape];
        shape[Axis] = operands.Sum(o => o.Shape[Axis]);
        return NdArray.Generate(shape, index =>
        {
            long[] at = [.. index];
            var k = 0;
            while (at[Axis] >= operands[k].Shape[Axis])
            {
                at[Axis] -= operands[k++].Shape[Axis];
            }

            return operands[k][at];
        });
    }
}
