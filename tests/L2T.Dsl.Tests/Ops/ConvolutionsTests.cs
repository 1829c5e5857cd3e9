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

    private static Tensor Single(Tensor x) => x.to(float32);

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        var difference = ((actual.to(float64) - expected).abs().max() / expected.abs().max()).item<double>();
        Assert.True(difference <= Tolerance, $"off by {difference}");
    }
}
