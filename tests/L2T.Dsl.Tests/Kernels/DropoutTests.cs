using L2T.Dsl.Losses;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Dropout: kernels against the same masks under autograd, masks that are drawn again, and whole trainings.</summary>
public sealed class DropoutTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kernels_agree_with_autograd_under_the_same_masks(bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(new DropoutNetwork(), new CrossEntropy(), 9, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var kernel = point.Gradient(fuse, into);
        using var hyper = PairKernels.Hyper(point.Student, point.Objective, fuse, point.W, point.Phi, point.Tangent, hv, mv, point.N);
        kernel.NoiseKey = hyper.NoiseKey = 12345;

        kernel.Run(point.X, point.Y, 1);
        hyper.Run(point.X, point.Y, kernel.Kept, 1);

        Tensor[] w = [.. point.W.Tensors.Select(t => t.clone().requires_grad_())];
        var elements = Noise.DropoutMask([9, 8], 12345, 1, 0.4, float64, CPU);
        var channels = Noise.DropoutMask([9, 2, 1, 1], 12345, 2, 0.25, float64, CPU);
        var h = functional.linear(point.X, w[0], w[1]).tanh() * elements;
        var logits = functional.linear((h.view(-1, 2, 2, 2) * channels).flatten(1), w[2], w[3]);
        var value = functional.cross_entropy(logits, point.Y);
        var gradient = Autograd.Gradients(value, w, createGraph: true, retainGraph: true);
        var along = gradient.Zip(point.Tangent.Tensors, (g, v) => (g * v).sum(dim: [])).Aggregate((a, b) => a + b);
        errors.Require("value", value, kernel.Value, 1e-12);
        errors.Require("gradient", Oracle.Flat(gradient), into.Flat, 1e-10);
        errors.Require("H v", Oracle.Flat(Autograd.Gradients(along, w)), hv.Flat, 1e-10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loop_draws_a_mask_for_each_iteration(bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(new DropoutStack(3), new CrossEntropy(), 9, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var kernel = point.Gradient(fuse, into);
        using var hyper = PairKernels.Hyper(point.Student, point.Objective, fuse, point.W, point.Phi, point.Tangent, hv, mv, point.N);
        kernel.NoiseKey = hyper.NoiseKey = 12345;

        kernel.Run(point.X, point.Y, 1);
        hyper.Run(point.X, point.Y, kernel.Kept, 1);

        Tensor[] w = [.. point.W.Tensors.Select(t => t.clone().requires_grad_())];
        var masks = Noise.DropoutMask([3, 9, 6], 12345, 1, 0.4, float64, CPU);
        var h = Enumerable.Range(0, 3).Aggregate(point.X, (x, t) => functional.linear(x, w[0][t], w[1][t]).tanh() * masks[t]);
        var value = functional.cross_entropy(functional.linear(h, w[2], w[3]), point.Y);
        var gradient = Autograd.Gradients(value, w, createGraph: true, retainGraph: true);
        var along = gradient.Zip(point.Tangent.Tensors, (g, v) => (g * v).sum(dim: [])).Aggregate((a, b) => a + b);
        errors.Require("value", value, kernel.Value, 1e-12);
        errors.Require("gradient", Oracle.Flat(gradient), into.Flat, 1e-10);
        errors.Require("H v", Oracle.Flat(Autograd.Gradients(along, w)), hv.Flat, 1e-10);
        Assert.NotEqual(masks[0], masks[1]);
    }

    [Fact]
    public void Masks_drop_the_share_that_was_asked_for_and_are_drawn_again_by_their_key()
    {
        using var scope = NewDisposeScope();
        var mask = Noise.DropoutMask([400, 500], 5, 3, 0.3, float32, CPU);
        var again = Noise.DropoutMask([400, 500], 5, 3, 0.3, float32, CPU);
        var otherKey = Noise.DropoutMask([400, 500], 6, 3, 0.3, float32, CPU);
        var otherSite = Noise.DropoutMask([400, 500], 5, 4, 0.3, float32, CPU);

        Assert.True(mask.Equals(again));
        Assert.All([otherKey, otherSite], other => Assert.InRange(mask.eq(other).to(float64).mean().item<double>(), 0.57, 0.59)); // 0.3^2 + 0.7^2
        Assert.Equal([0, 1 / 0.7f], mask.unique().output.data<float>().ToArray());

        // Five standard deviations of a binomial.
        Assert.InRange(mask.eq(0).to(float64).mean().item<double>(), 0.3 - (5 * Math.Sqrt(0.21 / 200_000)), 0.3 + (5 * Math.Sqrt(0.21 / 200_000)));
    }

    [Fact]
    public void A_probability_out_of_range_is_refused() =>
        Assert.Throws<L2TException>(() => Noise.DropoutMask([2], 1, 1, 1.0, float32, CPU));

    [Fact]
    public void Evaluation_drops_nothing()
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(new DropoutNetwork(), new CrossEntropy(), 9, float64);
        using var forward = PairKernels.Forward(point.Student, true, point.W, point.N);
        point.W.LendTo(point.Student);

        errors.Require("output", ((DropoutNetwork)point.Student).Forward(point.X), forward.Run(point.X), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_agrees_with_central_differences_of_the_whole_episode(bool clip) =>
        NormTests.CheckEpisode(() => new DropoutExperiment(), new SgdOptions { Momentum = 0.9, ClipNorm = clip ? 0.3 : double.PositiveInfinity }, output);
}
