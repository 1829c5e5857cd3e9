using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>A stretch of one dimension.</summary>
/// <param name="Axis">The dimension, not negative.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is.</param>
public sealed record NarrowOp(int Axis, Dim Start, Dim Length) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "narrow";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}: {Start} + {Length}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.narrow({Axis}, {{d0}}, {{d1}})") { IsView = true, Dims = [Start, Length] };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var shape = operands[0].RequireAxis(Axis).Shape;
        var rest = shape[Axis] - Start - Length;
        return Start.Value < 0 || Length.Value < 0 || rest.Value < 0
            ? throw new ShapeException(shape.ToString(), $"the stretch {Start}..{Start + Length} of dimension {Axis}", $"that dimension has {shape[Axis]} elements")
            : operands[0] with { Shape = new(shape.Dims.With(Axis, Length)) };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.Pad(g, Axis, Start, e.Operands[0].Shape[Axis] - Start - Length)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Narrow(t[0]!, Axis, Start, Length);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        var (start, length) = (bindings.Of(Start), bindings.Of(Length));
        return NdArray.Generate(
            [.. x.Shape.Select((size, d) => d == Axis ? length : size)],
            index => x[[.. index.Select((i, d) => d == Axis ? i + start : i)]]);
    }
}
