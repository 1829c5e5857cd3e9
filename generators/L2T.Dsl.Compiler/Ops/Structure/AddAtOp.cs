using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The first tensor with the second added to a stretch of one dimension.</summary>
/// <param name="Axis">The dimension, not negative.</param>
/// <param name="Start">Where the stretch begins.</param>
public sealed record AddAtOp(int Axis, Dim Start) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "add_at";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}: {Start}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Small.AddAt({{0}}.clone(), {Part})")
    {
        Into = $"{{r}}.copy_({{0}}); Small.AddAt({{r}}, {Part})",
        InPlace = $"Small.AddAt({{0}}, {Part})",
        Dims = [Start],
    };

    private string Part => $"{{1}}, {Axis}, {{d0}}";

    /// <inheritdoc/>
    public override Dim Flops(Equation equation) => equation.Operands[1].Shape.Elements;

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] && zero[1];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        TensorType whole = operands[0].RequireReal().RequireAxis(Axis), part = operands[1].RequireReal();
        return part.Shape.Rank == whole.Shape.Rank
            && part.Shape.Dims.With(Axis, Dim.One) == whole.Shape.Dims.With(Axis, Dim.One)
            && !(Start.Value < 0) && !((whole.Shape[Axis] - Start - part.Shape[Axis]).Value < 0)
            ? whole
            : throw new ShapeException(whole.ToString(), part.ToString(), $"the second must fit into the first's dimension {Axis} from {Start} on, and have its other sizes");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [g, b.Copy(b.Narrow(g, Axis, Start, e.Operands[1].Shape[Axis]))];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => t switch
    {
        [{ } whole, null] => whole,
        [{ } whole, { } part] => b.Apply(this, whole, part),
        [_, { } part] => b.Pad(part, Axis, Start, e.Result.Shape[Axis] - Start - part.Shape[Axis]),
        _ => null,
    };

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var (whole, part, start) = (operands[0], operands[1], bindings.Of(Start));
        return NdArray.Generate(whole.Shape, index =>
        {
            long[] at = [.. index.Select((i, d) => d == Axis ? i - start : i)];
            return whole[index] + (at[Axis] >= 0 && at[Axis] < part.Shape[Axis] ? part[at] : 0);
        });
    }
}
