using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// What generated kernels call for convolutions of images [n, c, h, w] with filters [o, c / groups, kh, kw] and their
/// transposes. Strides, paddings and dilations come as height and width. libtorch's kernels for these write only into
/// memory of their own, so a result for a buffer is copied there, which costs a few percent of the convolution. Unfolding and
/// multiplying matrices took 2 to 3 times as long, apart from the filters' gradient over images of one channel, which took half as long.
/// </summary>
/// <remarks>
/// oneDNN, which libtorch convolves float32 with on CPUs, can give wrong sums and NaN over channels that do not fill its vectors:
/// libtorch 2.10 does so on a virtual machine with AVX-512, by up to 40 % of the greatest element, at sizes as usual as LeNet's. 1,200
/// convolutions drawn at random and compared with float64 told which: a convolution that sums more than one vector of channels, the
/// last not full; the gradient of the image where the outputs summed do not fill vectors, or, with strides, where the image takes
/// an odd number of vectors above one. Windows of one element and gradients of filters were always right. What was wrong is padded with
/// channels of zeros: those sums are right, and as oneDNN works on whole vectors anyway, they took up to a tenth longer.
/// </remarks>
public static class Convolutions
{
    // TorchSharp does not bind convolution_backward. The text is fixed: a faulty one would end the process. The parser wants a line end at its end.
    private const string Script = """
        def weight_gradient(g: Tensor, x: Tensor, w: Tensor, sh: int, sw: int, ph: int, pw: int, dh: int, dw: int, groups: int):
            unused, gradient, none = torch.convolution_backward(g, x, w, None, [sh, sw], [ph, pw], [dh, dw], False, [0, 0], groups, [False, True, False])
            return gradient

        """;

    private const long VectorChannels = 16;

    // Of a convolution of one channel that sums fewer products an element, the result is large beside the image and the work. libtorch takes it twice over
    // in passing, so it is made in parts of at most this size. Each costs 0.1 to 0.2 ms more: a network has few such convolutions.
    private const long ShortSum = 32;
    private const long PartBytes = 2 << 20;

    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    /// <summary>The convolution of x with w.</summary>
    public static Tensor Convolve(Tensor x, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(w);
        var (channels, whole) = (w.size(1), Whole(w.size(1)));
        if (IsExact(w) || channels <= VectorChannels || channels == whole)
        {
            return Plain(x, w);
        }

        using var padded = PadGroups(x, groups, whole);
        using var filters = PadChannels(w, 1, whole);
        return Plain(padded, filters);

        Tensor Plain(Tensor image, Tensor seen) => nn.functional.conv2d(
            image, seen, strides: [strideH, strideW], padding: [paddingH, paddingW], dilation: [dilationH, dilationW], groups: groups);
    }

    /// <summary>r = the convolution of x with w.</summary>
    public static void WriteConvolution(
        Tensor r, Tensor x, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups) =>
        PutConvolution(r, x, w, adds: false, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);

    /// <summary>t += the convolution of x with w.</summary>
    /// <returns>t.</returns>
    public static Tensor AddConvolution(
        Tensor t, Tensor x, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups) =>
        PutConvolution(t, x, w, adds: true, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);

    /// <summary>The gradient with respect to an image of this height and width, where g is that of its convolution with w.</summary>
    public static Tensor InputGradient(
        Tensor g, Tensor w, long height, long width, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(w);
        var (outputs, channels) = (w.size(0) / groups, w.size(1));
        if (IsExact(w) || (groups > 1 && channels <= VectorChannels))
        {
            return Plain(g, w);
        }

        var (wholeOutputs, wholeChannels) = (Whole(outputs), strideH == 1 && strideW == 1 ? channels : EvenVectors(channels));
        if (outputs == wholeOutputs && channels == wholeChannels)
        {
            return Plain(g, w);
        }

        using var padded = PadGroups(g, groups, wholeOutputs);
        using var narrow = PadChannels(w, 1, wholeChannels);
        using var filters = PadOutputs(narrow, groups, wholeOutputs);
        var image = Plain(padded, filters);
        if (channels == wholeChannels)
        {
            return image;
        }

        using var grouped = image.reshape(g.size(0), groups, wholeChannels, height, width);
        using var kept = grouped.narrow(2, 0, channels);
        image.Dispose();
        return kept.reshape(g.size(0), groups * channels, height, width);

        Tensor Plain(Tensor gradient, Tensor seen) => nn.functional.conv_transpose2d(
            gradient,
            seen,
            strides: [strideH, strideW],
            padding: [paddingH, paddingW],
            output_padding: [Rest(height, w.size(2), strideH, paddingH, dilationH), Rest(width, w.size(3), strideW, paddingW, dilationW)],
            dilation: [dilationH, dilationW],
            groups: groups);
    }

    /// <summary>r = the gradient with respect to an image of r's shape.</summary>
    public static void WriteInputGradient(
        Tensor r, Tensor g, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(r);
        using var result = InputGradient(g, w, r.size(2), r.size(3), strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        r.copy_(result);
    }

    /// <summary>t += the gradient with respect to an image of t's shape.</summary>
    /// <returns>t.</returns>
    public static Tensor AddInputGradient(
        Tensor t, Tensor g, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(t);
        using var result = InputGradient(g, w, t.size(2), t.size(3), strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        return t.add_(result, Products.One);
    }

    /// <summary>The gradient with respect to filters of this height and width, where g is that of their convolution of x.</summary>
    public static Tensor WeightGradient(
        Tensor x, Tensor g, long height, long width, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(g);
        using var like = empty([g.size(1), x.size(1) / groups, height, width], dtype: x.dtype, device: x.device);
        return WeightGradient(like, x, g, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
    }

    /// <summary>r = the gradient with respect to filters of r's shape.</summary>
    public static void WriteWeightGradient(
        Tensor r, Tensor x, Tensor g, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(r);
        using var result = WeightGradient(r, x, g, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        r.copy_(result);
    }

    private static Tensor PutConvolution(
        Tensor to, Tensor x, Tensor w, bool adds, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(w);
        var (images, step) = (to.size(0), ImagesOfPart(to, w));
        if (step == images)
        {
            Put(to, x);
            return to;
        }

        for (var i = 0L; i < images; i += step)
        {
            using var part = to.narrow(0, i, Math.Min(step, images - i));
            using var seen = x.narrow(0, i, Math.Min(step, images - i));
            Put(part, seen);
        }

        return to;

        void Put(Tensor part, Tensor seen)
        {
            using var result = Convolve(seen, w, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
            if (adds)
            {
                part.add_(result, Products.One);
            }
            else
            {
                part.copy_(result);
            }
        }
    }

    /// <summary>Whether every convolution with these filters is right as it is.</summary>
    private static bool IsExact(Tensor w) =>
        w.dtype != ScalarType.Float32 || w.device_type != DeviceType.CPU || (w.size(2) == 1 && w.size(3) == 1);

    private static long Whole(long channels) => (channels + VectorChannels - 1) / VectorChannels * VectorChannels;

    private static long EvenVectors(long channels) =>
        channels <= VectorChannels ? channels : (channels + (2 * VectorChannels) - 1) / (2 * VectorChannels) * 2 * VectorChannels;

    /// <summary>The image with zeros behind the channels of each group; always a tensor object of its own.</summary>
    private static Tensor PadGroups(Tensor x, long groups, long channels)
    {
        var (n, each) = (x.size(0), x.size(1) / groups);
        using var grouped = x.reshape(n, groups, each, x.size(2), x.size(3));
        using var padded = PadChannels(grouped, 2, channels);
        return padded.reshape(n, groups * channels, x.size(2), x.size(3));
    }

    /// <summary>The filters with filters of zeros behind those of each group; always a tensor object of its own.</summary>
    private static Tensor PadOutputs(Tensor w, long groups, long outputs)
    {
        using var grouped = w.reshape(groups, w.size(0) / groups, w.size(1), w.size(2), w.size(3));
        using var padded = PadChannels(grouped, 1, outputs);
        return padded.reshape(groups * outputs, w.size(1), w.size(2), w.size(3));
    }

    /// <summary>x with zeros at the end of a dimension, up to a size; always a tensor object of its own.</summary>
    private static Tensor PadChannels(Tensor x, int axis, long size)
    {
        var missing = size - x.size(axis);
        if (missing == 0)
        {
            return x.alias();
        }

        // Counted from the last dimension, before and after each.
        var ends = new long[2 * (x.dim() - axis)];
        ends[^1] = missing;
        return nn.functional.pad(x, ends);
    }

    /// <summary>Whether a convolution with these filters sees one channel and sums few products for each element, on a CPU.</summary>
    private static bool IsShort(Tensor w) => w.device_type == DeviceType.CPU && w.size(1) == 1 && w.size(2) * w.size(3) < ShortSum;

    /// <summary>How many images to take at a time.</summary>
    /// <param name="y">The convolution's result, or what has its shape.</param>
    /// <param name="w">The filters, or what has their shape.</param>
    private static long ImagesOfPart(Tensor y, Tensor w)
    {
        var images = y.size(0);
        var bytes = y.numel() * y.element_size();
        if (!IsShort(w) || bytes <= PartBytes)
        {
            return images;
        }

        var parts = Math.Min(images, (bytes + PartBytes - 1) / PartBytes);
        return (images + parts - 1) / parts;
    }

    // The rows that the last step of the filters does not reach.
    private static long Rest(long image, long window, long stride, long padding, long dilation) =>
        (image + (2 * padding) - (dilation * (window - 1)) - 1) % stride;

    // Of the filters only the shape is read. The numbers are scalars of ours: those that TorchSharp makes of integers may be finalized
    // while libtorch still reads them.
    private static Tensor WeightGradient(
        Tensor like, Tensor x, Tensor g, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        using Scalar sh = strideH, sw = strideW, ph = paddingH, pw = paddingW, dh = dilationH, dw = dilationW, count = groups;
        var (images, step) = (g.size(0), ImagesOfPart(g, like));
        var sum = Part(0);
        for (var i = step; i < images; i += step)
        {
            using var part = Part(i);
            sum.add_(part, Products.One);
        }

        return sum;

        Tensor Part(long from)
        {
            if (step == images)
            {
                return Gradient(x, g);
            }

            using var image = x.narrow(0, from, Math.Min(step, images - from));
            using var gradient = g.narrow(0, from, Math.Min(step, images - from));
            return Gradient(image, gradient);
        }

        Tensor Gradient(Tensor image, Tensor gradient) => image.size(1) == 1 && IsShort(like)
            ? OfOneChannel(image, gradient)
            : (Tensor)Compiled.Value.invoke("weight_gradient", gradient, image, like, sh, sw, ph, pw, dh, dw, count);

        // A product for each image.
        Tensor OfOneChannel(Tensor image, Tensor gradient)
        {
            using var seen = nn.functional.unfold(image, (like.size(2), like.size(3)), (dilationH, dilationW), (paddingH, paddingW), (strideH, strideW));
            using var places = seen.transpose(1, 2);
            using var outputs = gradient.reshape(gradient.size(0), gradient.size(1), -1);
            using var products = bmm(outputs, places);
            using var total = products.sum(dim: 0);
            return total.reshape(like.shape);
        }
    }
}
