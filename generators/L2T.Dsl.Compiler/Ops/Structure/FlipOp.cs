using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The elements of some dimensions in the opposite order.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
public sealed record FlipOp(EquatableArray<int> Axes) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "flip";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", Axes);

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.flip([{Attributes}])");

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        Axes.Distinct().Count() == Axes.Count && Axes.All(axis => axis >= 0 && axis < operands[0].Shape.Rank)
            ? operands[0]
            : throw new ShapeException(operands[0].Shape.ToString(), $"the dimensions [{Attributes}]", "each is flipped once");

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Flip(g, Axes)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Flip(t[0]!, Axes);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        return NdArray.Generate(x.Shape, index => x[[.. index.Select((i, axis) => Axes.Contains(axis) ? x.Shape[axis] - 1 - i : i)]]);
    }
}
