using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// How a window slides over the last two dimensions of an image, and which channels see which. All lists hold two
/// sizes: height, width.
/// </summary>
/// <param name="Stride">How far it moves at a time.</param>
/// <param name="Padding">How many zeros lie before and after the image.</param>
/// <param name="Dilation">How far the window's elements lie apart.</param>
/// <param name="Groups">Into how many groups of channels the image falls; each is seen by its share of the outputs only.</param>
public sealed record Sliding(EquatableArray<Dim> Stride, EquatableArray<Dim> Padding, EquatableArray<Dim> Dilation, Dim Groups)
{
    /// <summary>Steps of one, no padding, no gaps, one group.</summary>
    public static Sliding Plain { get; } = new([1, 1], [0, 0], [1, 1], 1);

    /// <summary>The sizes as <c>Convolutions</c> takes them, after the tensors.</summary>
    public EquatableArray<Dim> Dims => [.. Stride, .. Padding, .. Dilation, Groups];

    /// <summary>The holes of <see cref="Dims"/>, comma-separated.</summary>
    public static string Holes { get; } = string.Join(", ", Enumerable.Range(0, 7).Select(i => $"{{d{i}}}"));

    /// <summary>How many places a window of this size has along a dimension: 0 is the height, 1 the width.</summary>
    /// <exception cref="ShapeException">It has none.</exception>
    public Dim Places(int side, Dim image, Dim window)
    {
        var span = (Dilation[side] * (window - 1)) + 1;
        var room = image + (2 * Padding[side]) - span;
        return room.Value < 0
            ? throw new ShapeException(image.ToString(), span.ToString(), $"a window must not be larger than the image with its padding, {image + (2 * Padding[side])}")
            : (room / Stride[side]) + 1;
    }

    /// <summary>The type of the convolution of an image [n, c, h, w] with filters [o, c / groups, kh, kw].</summary>
    /// <exception cref="ShapeException">They do not fit.</exception>
    public TensorType Convolved(TensorType image, TensorType filters)
    {
        Shape x = RequireFour(image, "an image: batch, channels, height, width"), w = RequireFour(filters, "filters: outputs, channels of a group, height, width");
        if (!x[1].Equals(Seen(w[1])))
        {
            throw new ShapeException(x, w, $"the image has {x[1]} channels, the filters see {Seen(w[1])}");
        }

        RequireGroups(w[0]);
        return TensorType.Real(x[0], w[0], Places(0, x[2], w[2]), Places(1, x[3], w[3]));
    }

    /// <summary>
    /// The floating-point operations of a convolution, or of one of its gradients, which sum the same products: 2 for each filter element at each
    /// place of each image, those that lie on padding too.
    /// </summary>
    /// <param name="places">The shape of the convolution's result or of its cotangent [n, o, ..].</param>
    /// <param name="filters">The shape of the filters [o, c / groups, kh, kw].</param>
    public static Dim Flops(Shape places, Shape filters) => 2 * places.Elements * filters[1] * filters[2] * filters[3];

    /// <summary>The channels of an image of which each group's filters see this share; sizes of tensors divide without remainder.</summary>
    public Dim Seen(Dim share) => share.Quotients.LastOrDefault() is ({ } channels, { } groups) && groups.Equals(Groups) && (channels / groups).Equals(share)
        ? channels
        : share * Groups;

    /// <summary>Refuses outputs that do not fall into the groups.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public void RequireGroups(Dim channels)
    {
        if (channels.Value is { } count && Groups.Value is { } groups && (groups <= 0 || count % groups != 0))
        {
            throw new ShapeException($"{count} channels", $"{groups} groups", "the groups must be equally large");
        }
    }

    /// <summary>The shape if it has four dimensions.</summary>
    /// <exception cref="ShapeException">It has not.</exception>
    public static Shape RequireFour(TensorType type, string what) =>
        type.RequireReal().Shape is { Rank: 4 } shape ? shape : throw new ShapeException(type.ToString(), what, "it must have four dimensions");

    /// <summary>
    /// Visits every product that a convolution sums: positions in the image, the filters and the result, counted
    /// through in row-major order.
    /// </summary>
    public void Visit(long[] image, long[] filters, long[] result, Bindings bindings, Action<long, long, long> product)
    {
        long[] stride = [.. Stride.Select(bindings.Of)], padding = [.. Padding.Select(bindings.Of)], dilation = [.. Dilation.Select(bindings.Of)];
        var outputs = filters[0] / bindings.Of(Groups);
        _ = NdArray.Generate([result[0], filters[0], result[2], result[3], filters[1], filters[2], filters[3]], i =>
        {
            var channel = (i[1] / outputs * filters[1]) + i[4];
            var (row, column) = ((i[2] * stride[0]) - padding[0] + (i[5] * dilation[0]), (i[3] * stride[1]) - padding[1] + (i[6] * dilation[1]));
            if (row >= 0 && row < image[2] && column >= 0 && column < image[3])
            {
                product(
                    At(image, i[0], channel, row, column),
                    At(filters, i[1], i[4], i[5], i[6]),
                    At(result, i[0], i[1], i[2], i[3]));
            }

            return 0;
        });

        static long At(long[] shape, long a, long b, long c, long d) => (((((a * shape[1]) + b) * shape[2]) + c) * shape[3]) + d;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        ", ",
        new[] { Part("stride", Stride, 1), Part("padding", Padding, 0), Part("dilation", Dilation, 1), Groups.Value == 1 ? "" : $"groups {Groups}" }
            .Where(part => part.Length > 0));

    private static string Part(string name, EquatableArray<Dim> sizes, long usual) =>
        sizes.All(s => s.Value == usual) ? "" : $"{name} {string.Join("x", sizes)}";
}
