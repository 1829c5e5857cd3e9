using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Convolutions of images.</summary>
internal static class ConvolutionVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.conv2d"], Convolve);
        table.Add(["torch.nn.functional.conv_transpose2d"], ConvolveTransposed);
    }

    /// <summary>Height and width: a list or tuple of the two, or one size for both.</summary>
    internal static EquatableArray<Dim> Pair(CallArguments a, string name, EquatableArray<Dim>? defaultValue)
    {
        EquatableArray<Lowered> given = a.Find(name) switch
        {
            null => [],
            ListResult list => list.Items,
            TupleResult tuple => tuple.Items,
            var one => [one],
        };
        return given.Select(item => CallArguments.AsSize(item, name)).ToArray() switch
        {
            [] => defaultValue ?? throw new LoweringException($"argument '{name}' is missing"),
            [var both] => [both, both],
            [var height, var width] => [height, width],
            _ => throw new LoweringException($"'{name}' must be one size or two: height, width"),
        };
    }

    private static Value Convolve(CallArguments a, Builder b)
    {
        var x = Image(a, b, out var isSingle);
        var w = b.ToReal(a.Tensor("weight", b));
        return Biased(a, b, b.Conv2d(x, w, SlidingOf(a)), isSingle);
    }

    private static Value ConvolveTransposed(CallArguments a, Builder b)
    {
        var g = Image(a, b, out var isSingle);
        var w = b.ToReal(a.Tensor("weight", b));
        var sliding = SlidingOf(a);
        var rest = Pair(a, "output_padding", [0, 0]);
        _ = Sliding.RequireFour(w.Type, "filters: inputs, channels of a group, height, width");
        for (var side = 0; side < 2; side++)
        {
            if (rest[side].Value is { } r && (r < 0 || (sliding.Stride[side].Value is { } stride && r >= stride)))
            {
                throw new LoweringException("'output_padding' must be less than the stride: rows that no step of a convolution reaches");
            }
        }

        return Biased(a, b, b.ConvInputGradient(g, w, sliding, Shape.Of(g.Shape[0], w.Shape[1] * sliding.Groups, Size(0), Size(1))), isSingle);

        Dim Size(int side) =>
            ((g.Shape[side + 2] - 1) * sliding.Stride[side]) - (2 * sliding.Padding[side]) + (sliding.Dilation[side] * (w.Shape[side + 2] - 1)) + rest[side] + 1;
    }

    /// <summary>The images; a single one becomes a batch of one.</summary>
    internal static Value Image(CallArguments a, Builder b, out bool isSingle)
    {
        var x = a.RealSubject(b);
        isSingle = x.Shape.Rank == 3;
        return x.Shape.Rank is 3 or 4
            ? isSingle ? b.Reshape(x, new([Dim.One, .. x.Shape.Dims])) : x
            : throw new ShapeException(x.Shape.ToString(), "images", "they must have four dimensions: batch, channels, height, width; or the last three");
    }

    /// <summary>The result for the images that <see cref="Image"/> took.</summary>
    internal static Value Result(Builder b, Value y, bool isSingle) => isSingle ? b.Reshape(y, new([.. y.Shape.Dims.Skip(1)])) : y;

    private static Sliding SlidingOf(CallArguments a) =>
        new(Positive(a, "strides"), Pair(a, "padding", [0, 0]), Positive(a, "dilation"), a.Has("groups") ? a.Size("groups") : Dim.One);

    private static EquatableArray<Dim> Positive(CallArguments a, string name)
    {
        var pair = Pair(a, name, [1, 1]);
        return pair.Any(d => d.Value <= 0) ? throw new LoweringException($"'{name}' must be at least 1") : pair;
    }

    private static Value Biased(CallArguments a, Builder b, Value y, bool isSingle)
    {
        if (a.OptionalTensor("bias", b) is { } bias)
        {
            y = bias.Shape.Rank == 1 && bias.Shape[0].Equals(y.Shape[1])
                ? b.Add(y, b.Expand(b.Reshape(b.ToReal(bias), Shape.Of(y.Shape[1], 1, 1)), y.Shape))
                : throw new ShapeException(bias.Shape, y.Shape, "a bias has one element for each output channel");
        }

        return Result(b, y, isSingle);
    }
}
