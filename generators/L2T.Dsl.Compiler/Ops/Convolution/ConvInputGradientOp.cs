using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// (g, w): the transpose of <see cref="Conv2dOp"/> in its image: what g [n, o, ..] sends back through filters
/// w [o, c / groups, kh, kw], an image [n, c, height, width]. It is the transposed convolution too.
/// </summary>
/// <param name="Sliding">How the filters slide over the image.</param>
/// <param name="Height">The image's height, which g's does not tell where the steps leave a rest.</param>
/// <param name="Width">The image's width.</param>
public sealed record ConvInputGradientOp(Sliding Sliding, Dim Height, Dim Width) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "conv2d_input_gradient";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", new[] { $"to {Height}x{Width}", Sliding.ToString() }.Where(part => part.Length > 0));

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Convolutions.InputGradient({{0}}, {{1}}, {{d7}}, {{d8}}, {Sliding.Holes})")
    {
        Into = $"Convolutions.WriteInputGradient({{r}}, {{0}}, {{1}}, {Sliding.Holes})",
        IntoCopies = true,
        Accumulate = $"Convolutions.AddInputGradient({{t}}, {{0}}, {{1}}, {Sliding.Holes})",
        Dims = [.. Sliding.Dims, Height, Width],
    };

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] || zero[1];

    /// <inheritdoc/>
    public override Dim Flops(Equation equation) => Sliding.Flops(equation.Operands[0].Shape, equation.Operands[1].Shape);

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape g = Sliding.RequireFour(operands[0], "the gradient of a convolution"), w = Sliding.RequireFour(operands[1], "filters: outputs, channels of a group, height, width");
        if (!g[1].Equals(w[0]))
        {
            throw new ShapeException(g, w, $"there are {w[0]} filters for {g[1]} channels");
        }

        Sliding.RequireGroups(w[0]);
        Dim height = Sliding.Places(0, Height, w[2]), width = Sliding.Places(1, Width, w[3]);
        return height - g[2] is { Value: null or 0 } && width - g[3] is { Value: null or 0 }
            ? TensorType.Real(g[0], Sliding.Seen(w[1]), Height, Width)
            : throw new ShapeException(g, w, $"filters of that size have {height}x{width} places in an image of {Height}x{Width}");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.Conv2d(g, e.Operands[1], Sliding), b.ConvWeightGradient(g, e.Operands[0], Sliding, e.Operands[1].Shape)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(
        t[0] is { } g ? b.ConvInputGradient(g, e.Operands[1], Sliding, e.Result.Shape) : null,
        t[1] is { } w ? b.ConvInputGradient(e.Operands[0], w, Sliding, e.Result.Shape) : null);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        NdArray g = operands[0], w = operands[1];
        long[] shape = [g.Shape[0], w.Shape[1] * bindings.Of(Sliding.Groups), bindings.Of(Height), bindings.Of(Width)];
        var x = new NdArray(shape, new double[NdArray.Count(shape)]);
        Sliding.Visit(shape, w.Shape, g.Shape, bindings, (i, j, k) => x.Data[i] += g.Data[k] * w.Data[j]);
        return x;
    }
}
