using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Broadcasts to a shape, as libtorch does: sizes are aligned at the end, and a size 1 or a missing one is repeated.</summary>
/// <param name="Target">The shape.</param>
public sealed record ExpandOp(Shape Target) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "expand";

    /// <inheritdoc/>
    public override string Attributes => Target.ToString();

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.expand([{shape}])") { IsView = true };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var from = operands[0].Shape;
        var fits = from.Rank <= Target.Rank && from.Dims.Select((d, i) => d.Value == 1 || d.Equals(Target[i + Target.Rank - from.Rank])).All(ok => ok);
        return fits ? operands[0] with { Shape = Target } : throw new ShapeException(from, Target, "it can't be broadcast to that");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.SumTo(g, e.Operands[0].Shape)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Expand(t[0]!, Target);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var from = operands[0];
        var target = bindings.Of(Target);
        return NdArray.Generate(target, index => from[[.. from.Shape.Select((size, d) => size == 1 ? 0 : index[d + target.Length - from.Rank])]]);
    }
}
