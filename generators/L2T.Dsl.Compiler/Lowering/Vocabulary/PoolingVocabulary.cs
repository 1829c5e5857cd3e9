using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>The greatest element or the mean of windows of an image.</summary>
internal static class PoolingVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.max_pool2d"], Max);
        table.Add(["torch.nn.functional.avg_pool2d"], Average);
        table.Add(["torch.nn.functional.adaptive_avg_pool2d"], AverageTo);
    }

    private static Value Max(CallArguments a, Builder b)
    {
        var x = ConvolutionVocabulary.Image(a, b, out var isSingle);
        var kernel = Window(a, out var sliding);

        // What is the same all over a channel, such as a convolution's bias, moves no maximum: it is added to the few
        // elements that are left. The values are the same bits; of elements that only rounding makes equal, the gradient goes to the greater.
        (x, var offset) = WithoutOffset(b, x);
        Value indices = b.Apply(new MaxPoolIndicesOp(kernel, sliding with { Dilation = ConvolutionVocabulary.Pair(a, "dilation", [1, 1]) }), x);
        var (lead, places) = (Shape.Of(x.Shape[0], x.Shape[1]), indices.Shape);
        var elements = b.Reshape(x, new([.. lead.Dims, x.Shape[2] * x.Shape[3]]));
        var greatest = b.Gather(elements, b.Reshape(indices, new([.. lead.Dims, places[2] * places[3]])), 2);
        var result = b.Reshape(greatest, places);
        return ConvolutionVocabulary.Result(b, offset is null ? result : b.Add(result, b.Expand(offset, places)), isSingle);
    }

    /// <summary>An image, and what is added to all elements of a channel of it alike, broadcast along height and width; null if nothing is.</summary>
    private static (Value Image, Value? Offset) WithoutOffset(Builder b, Value x)
    {
        if (b.Binder(x) is not { Op: AddOp, Operands: var terms })
        {
            return (x, null);
        }

        var broadcast = terms.FirstOrDefault(t => b.Binder(t) is { Op: ExpandOp } expand && expand.Operands[0].Shape.Dims.Reverse().Take(2).All(d => d.Value == 1));
        return broadcast is null ? (x, null) : (terms.First(t => t != broadcast), b.Binder(broadcast)!.Operands[0]);
    }

    private static Value Average(CallArguments a, Builder b)
    {
        var x = ConvolutionVocabulary.Image(a, b, out var isSingle);
        var kernel = Window(a, out var sliding);
        var isPadded = sliding.Padding.Any(p => p.Value != 0);
        if (!a.Boolean("count_include_pad", true) && isPadded)
        {
            throw new LoweringException("'count_include_pad' must be true where there is padding");
        }

        var count = a.Has("divisor_override") ? a.Number("divisor_override") : Scalar.Of(kernel[0] * kernel[1]);
        var sum = !isPadded && IsTiled(x, kernel, sliding.Stride) ? SumOfTiles(b, x, kernel, sliding) : SumOfWindows(b, x, kernel, sliding);
        return ConvolutionVocabulary.Result(b, b.Scale(sum, 1 / count), isSingle);
    }

    private static Value AverageTo(CallArguments a, Builder b)
    {
        var x = ConvolutionVocabulary.Image(a, b, out var isSingle);
        var size = ConvolutionVocabulary.Pair(a, "output_size", null);
        Dim[] kernel = [.. size.Select((s, side) => s.Value > 0 && x.Shape[side + 2].TryDivide(s, out var quotient)
            ? quotient
            : throw new LoweringException($"'output_size' must be known at compile time and divide the image, but {s} does not divide {x.Shape[side + 2]}; windows of different sizes have no rule"))];
        var sum = SumOfTiles(b, x, [.. kernel], new([.. kernel], [0, 0], [1, 1], 1));
        return ConvolutionVocabulary.Result(b, b.Scale(sum, 1 / Scalar.Of(kernel[0] * kernel[1])), isSingle);
    }

    /// <summary>Whether each window lies in a tile of its own, as large as a step.</summary>
    private static bool IsTiled(Value x, EquatableArray<Dim> kernel, EquatableArray<Dim> stride) =>
        kernel == stride || Enumerable.Range(0, 2).All(side => (stride[side] - kernel[side]).Value >= 0 && x.Shape[side + 2].TryDivide(stride[side], out _));

    /// <summary>Sums over windows that lie in tiles of their own; what does not fill a tile is left out.</summary>
    private static Value SumOfTiles(Builder b, Value x, EquatableArray<Dim> kernel, Sliding sliding)
    {
        Dim rows = sliding.Places(0, x.Shape[2], kernel[0]), columns = sliding.Places(1, x.Shape[3], kernel[1]);
        Dim height = sliding.Stride[0], width = sliding.Stride[1];
        Value kept = b.Narrow(b.Narrow(x, 2, 0, rows * height), 3, 0, columns * width);
        var tiles = b.Reshape(kept, Shape.Of(x.Shape[0], x.Shape[1], rows, height, columns, width));
        var windows = b.Narrow(b.Narrow(tiles, 3, 0, kernel[0]), 5, 0, kernel[1]);
        return b.Reshape(b.Sum(windows, [3, 5]), Shape.Of(x.Shape[0], x.Shape[1], rows, columns));
    }

    /// <summary>Sums over windows that may overlap: each channel's convolution with ones.</summary>
    private static Value SumOfWindows(Builder b, Value x, EquatableArray<Dim> kernel, Sliding sliding)
    {
        var images = b.Reshape(x, Shape.Of(x.Shape[0] * x.Shape[1], 1, x.Shape[2], x.Shape[3]));
        var sums = b.Conv2d(images, b.Full(Shape.Of(1, 1, kernel[0], kernel[1]), 1), sliding);
        return b.Reshape(sums, Shape.Of(x.Shape[0], x.Shape[1], sums.Shape[2], sums.Shape[3]));
    }

    /// <summary>The window's size and how it slides; without a stride of its own, windows lie beside one another.</summary>
    private static EquatableArray<Dim> Window(CallArguments a, out Sliding sliding)
    {
        if (a.Boolean("ceil_mode", false))
        {
            throw new LoweringException("'ceil_mode' must be false: windows that stick out of the image have no rule");
        }

        var kernel = ConvolutionVocabulary.Pair(a, "kernel_size", null);
        var stride = ConvolutionVocabulary.Pair(a, a.Has("strides") ? "strides" : "stride", kernel);
        var padding = ConvolutionVocabulary.Pair(a, "padding", [0, 0]);
        if (kernel.Concat(stride).Any(d => d.Value <= 0))
        {
            throw new LoweringException("'kernel_size' and the stride must be at least 1");
        }

        for (var side = 0; side < 2; side++)
        {
            if (kernel[side].Value is { } size && padding[side].Value is { } pad && (pad < 0 || 2 * pad > size))
            {
                throw new LoweringException($"'padding' must be at most half of the window, but {pad} is more than half of {size}");
            }
        }

        sliding = new(stride, padding, [1, 1], 1);
        return kernel;
    }
}
