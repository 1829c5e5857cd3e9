using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// What generated kernels call for convolutions of images [n, c, h, w] with filters [o, c / groups, kh, kw] and their
/// transposes. Strides, paddings and dilations come as height and width. libtorch's kernels for these write only into
/// memory of their own, so a result for a buffer is copied there, which costs a few percent of the convolution. Unfolding and
/// multiplying matrices took 2 to 3 times as long, and is done where libtorch's convolution cannot be trusted.
/// </summary>
public static class Convolutions
{
    // TorchSharp does not bind convolution_backward. The text is fixed: a faulty one would end the process. The parser wants a line end at its end.
    private const string Script = """
        def weight_gradient(g: Tensor, x: Tensor, w: Tensor, sh: int, sw: int, ph: int, pw: int, dh: int, dw: int, groups: int):
            unused, gradient, none = torch.convolution_backward(g, x, w, None, [sh, sw], [ph, pw], [dh, dw], False, [0, 0], groups, [False, True, False])
            return gradient

        """;

    private const long VectorChannels = 16;
    private const long FewChannels = 3;

    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    /// <summary>The convolution of x with w.</summary>
    public static Tensor Convolve(Tensor x, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(w);
        if (IsTrusted(w, w.size(1)) || w.size(1) <= FewChannels)
        {
            return nn.functional.conv2d(x, w, strides: [strideH, strideW], padding: [paddingH, paddingW], dilation: [dilationH, dilationW], groups: groups);
        }

        using var scope = NewDisposeScope();
        var (n, o, kh, kw) = (x.size(0), w.size(0), w.size(2), w.size(3));
        var columns = nn.functional.unfold(x, (kh, kw), (dilationH, dilationW), (paddingH, paddingW), (strideH, strideW));
        var product = matmul(w.reshape(groups, o / groups, -1), columns.reshape(n, groups, -1, columns.size(2)));
        var height = Places(x.size(2), kh, strideH, paddingH, dilationH);
        return product.reshape(n, o, height, columns.size(2) / height).MoveToOuterDisposeScope();
    }

    /// <summary>r = the convolution of x with w.</summary>
    public static void WriteConvolution(
        Tensor r, Tensor x, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(r);
        using var result = Convolve(x, w, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        r.copy_(result);
    }

    /// <summary>The gradient with respect to an image of this height and width, where g is that of its convolution with w.</summary>
    public static Tensor InputGradient(
        Tensor g, Tensor w, long height, long width, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(w);
        var (n, o, kh, kw) = (g.size(0), g.size(1), w.size(2), w.size(3));
        if (IsTrusted(w, o / groups))
        {
            return nn.functional.conv_transpose2d(
                g,
                w,
                strides: [strideH, strideW],
                padding: [paddingH, paddingW],
                output_padding: [Rest(height, kh, strideH, paddingH, dilationH), Rest(width, kw, strideW, paddingW, dilationW)],
                dilation: [dilationH, dilationW],
                groups: groups);
        }

        using var scope = NewDisposeScope();
        var columns = matmul(w.reshape(groups, o / groups, -1).transpose(1, 2), g.reshape(n, groups, o / groups, -1));
        return nn.functional.fold(
            columns.reshape(n, w.size(1) * groups * kh * kw, -1),
            (height, width),
            (kh, kw),
            (dilationH, dilationW),
            (paddingH, paddingW),
            (strideH, strideW)).MoveToOuterDisposeScope();
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
    public static void AddInputGradient(
        Tensor t, Tensor g, Tensor w, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(t);
        using var result = InputGradient(g, w, t.size(2), t.size(3), strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        t.add_(result, Products.One);
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

    /// <summary>t += the gradient with respect to filters of t's shape.</summary>
    public static void AddWeightGradient(
        Tensor t, Tensor x, Tensor g, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        ArgumentNullException.ThrowIfNull(t);
        using var result = WeightGradient(t, x, g, strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
        t.add_(result, Products.One);
    }

    // oneDNN, which libtorch convolves float32 with on CPUs, gave wrong sums over channels that do not fill its vectors: by
    // libtorch 2.10 on a CPU with AVX-512, the gradient of the image over 6, 20 or 50 channels, and convolutions of 17 or 20.
    private static bool IsTrusted(Tensor w, long summed) => w.dtype != ScalarType.Float32 || w.device_type != DeviceType.CPU || summed % VectorChannels == 0;

    private static long Places(long image, long window, long stride, long padding, long dilation) =>
        ((image + (2 * padding) - (dilation * (window - 1)) - 1) / stride) + 1;

    // The rows that the last step of the filters does not reach.
    private static long Rest(long image, long window, long stride, long padding, long dilation) =>
        (image + (2 * padding) - (dilation * (window - 1)) - 1) % stride;

    // Of the filters only the shape is read. The numbers are scalars of ours: those that TorchSharp makes of integers may be finalized
    // while libtorch still reads them.
    private static Tensor WeightGradient(
        Tensor like, Tensor x, Tensor g, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW, long groups)
    {
        using Scalar sh = strideH, sw = strideW, ph = paddingH, pw = paddingW, dh = dilationH, dw = dilationW, count = groups;
        return (Tensor)Compiled.Value.invoke("weight_gradient", g, x, like, sh, sw, ph, pw, dh, dw, count);
    }
}
