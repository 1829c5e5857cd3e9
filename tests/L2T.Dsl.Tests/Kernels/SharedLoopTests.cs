using L2T.Dsl.Losses;
using L2T.Dsl.Tensors;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Batches so large that the loops of kernels are shared out among threads, by elements, rows, columns and cycles.</summary>
public sealed class SharedLoopTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("perceptron", 8001)]
    [InlineData("residual stack", 12_001)]
    [InlineData("attention", 5001)]
    [InlineData("convolution", 1501)]
    [InlineData("grouped convolution", 1501)]
    public void Kernels_agree_with_autograd_on_several_threads(string student, int n)
    {
        var threads = get_num_threads();
        set_num_threads(3);
        try
        {
            using var errors = new ErrorLog(output);
            using var scope = NewDisposeScope();
            using var point = new PairPoint(PairKernels.Students[student](), new BilinearLoss(4), n, float64);
            var expected = point.Eager();
            using var into = TensorBlock.LikeZeros(point.W);
            using var kernel = point.Gradient(true, into);
            using var hv = TensorBlock.LikeZeros(point.W);
            using var mv = TensorBlock.LikeZeros(point.Phi);
            using var hyper = point.Hyper(true, point.Tangent, hv, mv);

            kernel.Run(point.X, point.Y, 1);
            hyper.Run(point.X, point.Y, kernel.Kept, 1);

            errors.Require("output", expected.Output, kernel.Output, 1e-12);
            errors.Require("gradient", expected.Gradient(), into.Flat, 1e-10);
            var (expectedHv, expectedMv) = expected.HyperStep(point.Tangent);
            errors.Require("H v", expectedHv, hv.Flat, 1e-10);
            errors.Require("M v", expectedMv, mv.Flat, 1e-10);
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
