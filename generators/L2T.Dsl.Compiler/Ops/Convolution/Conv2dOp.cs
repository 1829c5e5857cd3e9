using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// (x, w): the convolution (cross-correlation) of images x [n, c, h, w] with filters w [o, c / groups, kh, kw]. With
/// <see cref="ConvInputGradientOp"/> and <see cref="ConvWeightGradientOp"/> it makes up one trilinear form
/// sum g conv(x, w): each of the three is its derivative with respect to one of x, w, g, so their rules close among
/// them.
/// </summary>
/// <param name="Sliding">How the filters slide over the image.</param>
public sealed record Conv2dOp(Sliding Sliding) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "conv2d";

    /// <inheritdoc/>
    public override string Attributes => Sliding.ToString();

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Convolutions.Convolve({{0}}, {{1}}, {Sliding.Holes})")
    {
        Into = $"Convolutions.WriteConvolution({{r}}, {{0}}, {{1}}, {Sliding.Holes})",
        IntoCopies = true,
        Accumulate = $"Convolutions.AddConvolution({{t}}, {{0}}, {{1}}, {Sliding.Holes})",
        Dims = Sliding.Dims,
    };

    /// <summary>What sums over few elements is made in parts: copied to a buffer one by one, they take less than a whole result where libtorch makes it.</summary>
    public override CSharpForm CSharpOf(Equation equation) => CSharp with { IntoCopies = IsDear(equation) };

    /// <summary>
    /// Whether it sums over many elements, as for a product. What sees one channel (of a group: depthwise too) sums over its window; what sees more is
    /// taken for long, whatever its window: of three channels, a network's first result is read so often behind it that keeping costs less.
    /// </summary>
    public override bool IsDear(Equation equation)
    {
        var filters = equation.Operands[1].Shape;
        return filters[1].Value != 1 || MatMulOp.IsLong(filters[2] * filters[3]);
    }

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] || zero[1];

    /// <inheritdoc/>
    public override Dim Flops(Equation equation) => Sliding.Flops(equation.Result.Shape, equation.Operands[1].Shape);

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => Sliding.Convolved(operands[0], operands[1]);

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
    [
        b.ConvInputGradient(g, e.Operands[1], Sliding, e.Operands[0].Shape),
        b.ConvWeightGradient(e.Operands[0], g, Sliding, e.Operands[1].Shape),
    ];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(
        t[0] is { } x ? b.Conv2d(x, e.Operands[1], Sliding) : null,
        t[1] is { } w ? b.Conv2d(e.Operands[0], w, Sliding) : null);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        NdArray x = operands[0], w = operands[1];
        long[] shape = [x.Shape[0], w.Shape[0], bindings.Of(Sliding.Places(0, x.Shape[2], w.Shape[2])), bindings.Of(Sliding.Places(1, x.Shape[3], w.Shape[3]))];
        var y = new NdArray(shape, new double[NdArray.Count(shape)]);
        Sliding.Visit(x.Shape, w.Shape, shape, bindings, (i, j, k) => y.Data[k] += x.Data[i] * w.Data[j]);
        return y;
    }
}
