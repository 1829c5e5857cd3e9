using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// Where the greatest element of each place of a window stands in its image [n, c, h, w], the first of equal ones,
/// counted through height and width. With <see cref="GatherOp"/> it makes max pooling, whose derivative goes to that one
/// element.
/// </summary>
/// <param name="Kernel">The window's size: height, width.</param>
/// <param name="Sliding">How the window slides; padding is never the greatest.</param>
public sealed record MaxPoolIndicesOp(EquatableArray<Dim> Kernel, Sliding Sliding) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "max_pool2d_indices";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", new[] { $"of {string.Join("x", Kernel)}", Sliding.ToString() }.Where(part => part.Length > 0));

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("Pooling.MaxIndices({0}, {d0}, {d1}, {d2}, {d3}, {d4}, {d5}, {d6}, {d7})")
    {
        Dims = [.. Kernel, .. Sliding.Stride, .. Sliding.Padding, .. Sliding.Dilation],
    };

    /// <summary>1 for each element of each window.</summary>
    public override Dim Flops(Equation equation) => equation.Result.Shape.Elements * Kernel[0] * Kernel[1];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var x = Sliding.RequireFour(operands[0], "an image: batch, channels, height, width");
        return TensorType.Integer(x[0], x[1], Sliding.Places(0, x[2], Kernel[0]), Sliding.Places(1, x[3], Kernel[1]));
    }

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        long height = x.Shape[2], width = x.Shape[3];
        long[] kernel = [.. Kernel.Select(bindings.Of)], stride = [.. Sliding.Stride.Select(bindings.Of)];
        long[] padding = [.. Sliding.Padding.Select(bindings.Of)], dilation = [.. Sliding.Dilation.Select(bindings.Of)];
        return NdArray.Generate([x.Shape[0], x.Shape[1], bindings.Of(Sliding.Places(0, height, Kernel[0])), bindings.Of(Sliding.Places(1, width, Kernel[1]))], index =>
        {
            var (best, greatest) = (0L, double.NegativeInfinity);
            for (var i = 0L; i < kernel[0] * kernel[1]; i++)
            {
                var row = (index[2] * stride[0]) - padding[0] + (i / kernel[1] * dilation[0]);
                var column = (index[3] * stride[1]) - padding[1] + (i % kernel[1] * dilation[1]);
                if (row >= 0 && row < height && column >= 0 && column < width && x[index[0], index[1], row, column] > greatest)
                {
                    (best, greatest) = ((row * width) + column, x[index[0], index[1], row, column]);
                }
            }

            return best;
        });
    }
}
