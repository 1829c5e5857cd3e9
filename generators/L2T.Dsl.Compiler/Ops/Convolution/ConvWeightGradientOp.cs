using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// (x, g): the transpose of <see cref="Conv2dOp"/> in its filters: the filters' gradient [o, c / groups, height, width]
/// for images x [n, c, ..] and the gradient g [n, o, ..] of the result.
/// </summary>
/// <param name="Sliding">How the filters slide over the image.</param>
/// <param name="Height">The filters' height.</param>
/// <param name="Width">The filters' width.</param>
public sealed record ConvWeightGradientOp(Sliding Sliding, Dim Height, Dim Width) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "conv2d_weight_gradient";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", new[] { $"of {Height}x{Width}", Sliding.ToString() }.Where(part => part.Length > 0));

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Convolutions.WeightGradient({{0}}, {{1}}, {{d7}}, {{d8}}, {Sliding.Holes})")
    {
        Into = $"Convolutions.WriteWeightGradient({{r}}, {{0}}, {{1}}, {Sliding.Holes})",
        IntoCopies = true,
        Dims = [.. Sliding.Dims, Height, Width],
    };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] || zero[1];

    /// <inheritdoc/>
    public override Dim Flops(Equation equation) => Sliding.Flops(equation.Operands[1].Shape, equation.Result.Shape);

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape x = Sliding.RequireFour(operands[0], "an image: batch, channels, height, width"), g = Sliding.RequireFour(operands[1], "the gradient of a convolution");
        Sliding.RequireGroups(x[1]);
        Sliding.RequireGroups(g[1]);
        Dim height = Sliding.Places(0, x[2], Height), width = Sliding.Places(1, x[3], Width);
        return x[0].Equals(g[0]) && height - g[2] is { Value: null or 0 } && width - g[3] is { Value: null or 0 }
            ? TensorType.Real(g[1], x[1] / Sliding.Groups, Height, Width)
            : throw new ShapeException(x, g, $"filters of {Height}x{Width} give [{x[0]}, {g[1]}, {height}, {width}] of that image");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.ConvInputGradient(e.Operands[1], g, Sliding, e.Operands[0].Shape), b.Conv2d(e.Operands[0], g, Sliding)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(
        t[0] is { } x ? b.ConvWeightGradient(x, e.Operands[1], Sliding, e.Result.Shape) : null,
        t[1] is { } g ? b.ConvWeightGradient(e.Operands[0], g, Sliding, e.Result.Shape) : null);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        NdArray x = operands[0], g = operands[1];
        long[] shape = [g.Shape[1], x.Shape[1] / bindings.Of(Sliding.Groups), bindings.Of(Height), bindings.Of(Width)];
        var w = new NdArray(shape, new double[NdArray.Count(shape)]);
        Sliding.Visit(x.Shape, shape, g.Shape, bindings, (i, j, k) => w.Data[j] += x.Data[i] * g.Data[k]);
        return w;
    }
}
