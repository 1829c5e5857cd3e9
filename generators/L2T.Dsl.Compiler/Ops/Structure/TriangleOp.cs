using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The upper or lower triangle of matrices, the last two dimensions; zeros elsewhere. Linear, and its own transpose.</summary>
/// <param name="IsUpper">Which: on and above the diagonal, or on and below it.</param>
/// <param name="Diagonal">How far right of the main diagonal it lies.</param>
public sealed record TriangleOp(bool IsUpper, Dim Diagonal) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => IsUpper ? "triu" : "tril";

    /// <inheritdoc/>
    public override string Attributes => $"{Diagonal}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.{Name}({{d0}})") { Dims = [Diagonal] };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].Shape.Rank >= 2
        ? operands[0]
        : throw new ShapeException(operands[0].Shape.ToString(), "matrices", "there must be two dimensions at least");

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Triangle(g, IsUpper, Diagonal)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Triangle(t[0]!, IsUpper, Diagonal);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        var diagonal = bindings.Of(Diagonal);
        return NdArray.Generate(x.Shape, index =>
        {
            var right = index[x.Rank - 1] - index[x.Rank - 2] - diagonal;
            return (IsUpper ? right >= 0 : right <= 0) ? x[index] : 0;
        });
    }
}
