using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Ops;

/// <summary>
/// Convolutions in float32 against float64: oneDNN, which libtorch takes for float32 alone, gives wrong numbers for channels that do not
/// fill its vectors.
/// </summary>
public sealed class ConvolutionsTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int, int, int> Channels { get; } = new()
    {
        { 1, 2, 1 }, { 2, 4, 1 }, { 3, 6, 1 }, { 6, 16, 1 }, { 12, 20, 1 }, { 16, 16, 1 }, { 17, 50, 1 }, { 20, 50, 1 }, { 4, 6, 2 }, { 32, 48, 2 },
        { 24, 24, 1 }, { 40, 40, 1 }, { 48, 48, 1 }, { 80, 96, 1 }, { 33, 16, 1 }, { 10, 20, 10 }, { 108, 180, 3 }, { 144, 96, 3 },
    };

    [Theory]
    [MemberData(nameof(Channels))]
    public void Single_precision_agrees_with_double(int inputs, int outputs, int groups)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        foreach (var (n, stride, width) in new[] { (1L, 1L, 2L), (2, 2, 2), (7, 1, 3), (2, 2, 3), (3, 3, 1) })
        {
            var x = Draw(n, inputs, 9, 8);
            var w = Draw(outputs, inputs / groups, 3, width);
            var y = Convolutions.Convolve(x, w, stride, 1, 1, 0, 1, 1, groups);
            var g = Draw(y.shape);

            AssertClose(y, Convolutions.Convolve(Single(x), Single(w), stride, 1, 1, 0, 1, 1, groups));
            AssertClose(
                Convolutions.InputGradient(g, w, 9, 8, stride, 1, 1, 0, 1, 1, groups),
                Convolutions.InputGradient(Single(g), Single(w), 9, 8, stride, 1, 1, 0, 1, 1, groups));
            AssertClose(
                Convolutions.WeightGradient(x, g, 3, width, stride, 1, 1, 0, 1, 1, groups),
                Convolutions.WeightGradient(Single(x), Single(g), 3, width, stride, 1, 1, 0, 1, 1, groups));
        }

        Tensor Draw(params long[] shape) => randn(shape, dtype: float64, generator: generator);
    }

    /// <summary>Large results of short sums over one channel are made in parts, here of one to four images, the last one smaller.</summary>
    [Theory]
    [InlineData(1, 5)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    public void Parts_of_a_batch_make_up_the_whole(int channels, int window)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        foreach (var size in new[] { 96, 160, 240 })
        {
            var x = randn([7, channels, size, size], dtype: float64, generator: generator);
            var w = randn([12, channels, window, window], dtype: float64, generator: generator);
            var y = nn.functional.conv2d(x, w, strides: [1, 1], padding: [1, 0], dilation: [2, 1]);
            var g = randn(y.shape, dtype: float64, generator: generator);
            var gradient = zeros_like(w);
            for (var i = 0; i < 7; i++)
            {
                // Of one image there is but one part.
                var alone = Convolutions.WeightGradient(x.narrow(0, i, 1), g.narrow(0, i, 1), window, window, 1, 1, 1, 0, 2, 1, 1);
                var unfolded = nn.functional.unfold(x.narrow(0, i, 1), (window, window), (2, 1), (1, 0), (1, 1));
                AssertClose(matmul(g[i].reshape(12, -1), unfolded[0].t()).reshape(w.shape), alone);
                gradient.add_(alone);
            }

            foreach (var dtype in new[] { float32, float64 })
            {
                var written = empty_like(y, dtype: dtype);
                Convolutions.WriteConvolution(written, x.to(dtype), w.to(dtype), 1, 1, 1, 0, 2, 1, 1);
                AssertClose(y, written);
                Convolutions.AddConvolution(written, x.to(dtype), w.to(dtype), 1, 1, 1, 0, 2, 1, 1);
                AssertClose(2 * y, written);
                AssertClose(gradient, Convolutions.WeightGradient(x.to(dtype), g.to(dtype), window, window, 1, 1, 1, 0, 2, 1, 1));
            }
        }
    }

    private static Tensor Single(Tensor x) => x.to(float32);

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        var difference = ((actual.to(float64) - expected).abs().max() / expected.abs().max()).item<double>();
        Assert.True(difference <= Tolerance, $"off by {difference}");
    }
}
