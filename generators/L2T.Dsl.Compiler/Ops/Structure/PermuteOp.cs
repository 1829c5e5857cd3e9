using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The dimensions in another order.</summary>
/// <param name="Order">For each dimension of the result, the one of the operand that it is.</param>
public sealed record PermuteOp(EquatableArray<int> Order) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "permute";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", Order);

    /// <inheritdoc/>
    public override CSharpForm CSharp
    {
        get
        {
            var moved = Order.Where((axis, i) => axis != i).ToArray();
            return new(moved.Length == 2 ? $"{{0}}.transpose({moved[1]}, {moved[0]})" : $"{{0}}.permute({Attributes})") { IsView = true };
        }
    }

    /// <summary>The order that undoes this one.</summary>
    public EquatableArray<int> Inverse => Enumerable.Range(0, Order.Count).Select(axis => Order.AsSpan().IndexOf(axis)).ToEquatableArray();

    /// <summary>Whether it swaps the last two dimensions and nothing else: the transpose of a matrix or of a batch of them.</summary>
    public bool IsTranspose
    {
        get
        {
            var rank = Order.Count;
            return rank >= 2 && Order[rank - 1] == rank - 2 && Order[rank - 2] == rank - 1 && Order.Take(rank - 2).Select((axis, i) => axis == i).All(kept => kept);
        }
    }

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var shape = operands[0].Shape;
        return Order.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, shape.Rank))
            ? operands[0] with { Shape = new(Order.Select(axis => shape[axis]).ToEquatableArray()) }
            : throw new ShapeException(shape.ToString(), $"the order [{Attributes}]", "an order names each dimension once");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Permute(g, Inverse)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Permute(t[0]!, Order);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var (x, inverse) = (operands[0], Inverse);
        return NdArray.Generate([.. Order.Select(axis => x.Shape[axis])], index => x[[.. inverse.Select(i => index[i])]]);
    }
}
