using L2T.Dsl.Tensors;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Every student with every loss form and metric, in loops and as libtorch calls: values, gradients and hyper steps against
/// the same bodies under autograd and against central differences, and what kernels may and may not do to their blocks.
/// </summary>
public sealed class PairTests(ITestOutputHelper output)
{
    private const double Seed = -0.7;
    private const double Value = 1e-12;
    private const double Exact = 1e-10;
    private const double Approximate = 1e-6;
    private const double Single = 1e-4;

    // Below, at and above the width of a vector, and with a tail.
    private static readonly int[] BatchSizes = [1, 7, 8, 33];

    public static TheoryData<string, string, bool> Losses => Rows([.. PairKernels.Losses.Keys]);

    public static TheoryData<string, string, bool> Metrics => Rows([.. PairKernels.Metrics.Keys]);

    [Theory]
    [MemberData(nameof(Losses))]
    [MemberData(nameof(Metrics))]
    public void Kernels_agree_with_autograd(string student, string objective, bool fuse)
    {
        using var errors = new ErrorLog(output);
        foreach (var n in BatchSizes)
        {
            foreach (var type in (ScalarType[])[float64, float32])
            {
                using var scope = NewDisposeScope();
                using var point = At(student, objective, n, type);
                var expected = point.Eager();
                var (value, exact) = type == float64 ? (Value, Exact) : (Single, Single);
                using var into = TensorBlock.LikeZeros(point.W);
                using var kernel = point.Gradient(fuse, into);
                using var forward = PairKernels.Forward(point.Student, fuse, point.W, n);

                kernel.Run(point.X, point.Y, Seed);

                errors.Require($"{type}: value", expected.Value, kernel.Value, value);
                errors.Require($"{type}: output", expected.Output, kernel.Output, value);
                errors.Require($"{type}: forward", expected.Output, forward.Run(point.X), value);
                errors.Require($"{type}: gradient", expected.Gradient() * Seed, into.Flat, exact);
                if (PairKernels.Losses.ContainsKey(objective))
                {
                    using var hv = TensorBlock.LikeZeros(point.W);
                    using var mv = TensorBlock.LikeZeros(point.Phi);
                    using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
                    hyper.Run(point.X, point.Y, point.Kept(fuse, Seed), Seed);

                    using var direction = PairPoint.Double(point.Tangent);
                    var (expectedHv, expectedMv) = expected.HyperStep(direction);
                    errors.Require($"{type}: H v", expectedHv * Seed, hv.Flat, exact);
                    errors.Require($"{type}: M v", expectedMv * Seed, mv.Flat, exact);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    [MemberData(nameof(Metrics))]
    public void Every_partial_derivative_agrees_with_central_differences(string student, string objective, bool fuse)
    {
        const double H = 1e-5;
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = At(student, objective, 7, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        var weights = point.W.Flat.data<double>().ToArray();

        var partial = new double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            partial[i] = (ValueAt(i, weights[i] + H) - ValueAt(i, weights[i] - H)) / (2 * H);
            point.W.Flat[i] = weights[i];
        }

        var gradient = GradientAt(0);
        errors.Require("gradient", tensor(partial, dtype: float64), gradient, Approximate);
        if (PairKernels.Losses.ContainsKey(objective))
        {
            using var hv = TensorBlock.LikeZeros(point.W);
            using var mv = TensorBlock.LikeZeros(point.Phi);
            using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
            hyper.Run(point.X, point.Y, point.Kept(fuse, 1), 1);
            errors.Require("H v", (GradientAt(H) - GradientAt(-H)) / (2 * H), hv.Flat, Approximate);
        }

        double ValueAt(int i, double weight)
        {
            point.W.Flat[i] = weight;
            kernel.Run(point.X, point.Y, 1);
            return kernel.Value.item<double>();
        }

        Tensor GradientAt(double h)
        {
            point.W.Flat.copy_(tensor(weights, dtype: float64)).add_(point.Tangent.Flat, h);
            into.Zero();
            kernel.Run(point.X, point.Y, 1);
            point.W.Flat.copy_(tensor(weights, dtype: float64));
            return into.Flat.clone();
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Second_derivatives_are_symmetric(string student, string loss, bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = At(student, loss, 8, float64);
        using var other = new PairPoint(point.Student, point.Objective, 8, float64, seed: 6);
        var (u, v) = (point.Tangent, other.Tangent);

        using var hu = Product(u);
        using var hv = Product(v);

        errors.Require("u H v", (v.Flat * hu.Flat).sum(dim: []), (u.Flat * hv.Flat).sum(dim: []), Exact);

        TensorBlock Product(TensorBlock along)
        {
            var product = TensorBlock.LikeZeros(point.W);
            using var mv = TensorBlock.LikeZeros(point.Phi);
            using var hyper = point.Hyper(fuse, along, product, mv);
            hyper.Run(point.X, point.Y, point.Kept(fuse, 1), 1);
            return product;
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Kernels_add_to_their_blocks_and_change_no_others(string student, string loss, bool fuse)
    {
        using var scope = NewDisposeScope();
        using var point = At(student, loss, 7, float64);
        using var gradient = TensorBlock.LikeZeros(point.W);
        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var kernel = point.Gradient(fuse, gradient);
        using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
        var kept = point.Kept(fuse, Seed);
        Tensor[] read = [point.W.Flat, point.Phi.Flat, point.Tangent.Flat, kept, point.X, point.Y];
        Tensor[] before = [.. read.Select(t => t.clone())];
        kernel.Run(point.X, point.Y, Seed);
        hyper.Run(point.X, point.Y, kept, Seed);
        Tensor[] once = [gradient.Flat.clone(), hv.Flat.clone(), mv.Flat.clone()];

        kernel.Run(point.X, point.Y, 2 * Seed);
        hyper.Run(point.X, point.Y, point.Kept(fuse, 2 * Seed), 2 * Seed);

        Assert.All(read.Zip(before), pair => Assert.True(Same(pair.First, pair.Second)));
        Assert.All(once.Zip([gradient.Flat, hv.Flat, mv.Flat]), pair => Assert.True(pair.Second.allclose(3 * pair.First, 1e-12, 1e-14)));

        // Into the weights, a run is the step of descent; into the tangent, its reverse.
        using var step = point.Gradient(fuse, point.W);
        using var reverse = point.Hyper(fuse, point.Tangent, point.Tangent, mv);
        reverse.Run(point.X, point.Y, kept, Seed);
        step.Run(point.X, point.Y, Seed);
        Assert.True(point.Tangent.Flat.allclose(before[2] + once[1], 1e-12, 1e-14));
        Assert.True(point.W.Flat.allclose(before[0] + once[0], 1e-12, 1e-14));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_run_leaves_no_trace_in_the_next_and_no_tensor(string student, string loss, bool fuse)
    {
        using var scope = NewDisposeScope();
        using var point = At(student, loss, 33, float64);
        using var gradient = TensorBlock.LikeZeros(point.W);
        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var kernel = point.Gradient(fuse, gradient);
        using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
        var (otherX, otherY) = point.Batch(float64);
        otherX.view(otherX.shape[0], -1)[3, 2] = double.NaN;
        var first = Run(point.X, point.Y);

        var unlike = Run(otherX, otherY);
        var again = Run(point.X, point.Y);

        Assert.All(first.Zip(again), pair => Assert.True(Same(pair.First, pair.Second)));

        // What is not a number reaches the value and the gradients.
        Assert.All(unlike.SkipLast(1), t => Assert.True(t.isnan().any().item<bool>()));

        Tensor[] Run(Tensor x, Tensor y)
        {
            gradient.Zero();
            hv.Zero();
            mv.Zero();
            var live = Tensor.TotalCount;
            kernel.Run(x, y, Seed);
            hyper.Run(x, y, kernel.Kept, Seed);
            Assert.Equal(live, Tensor.TotalCount);
            return [kernel.Value.clone(), kernel.Output.clone(), gradient.Flat.clone(), hv.Flat.clone(), mv.Flat.clone()];
        }
    }

    private static PairPoint At(string student, string objective, long n, ScalarType type)
    {
        var make = PairKernels.Losses.TryGetValue(objective, out var loss) ? loss : PairKernels.Metrics[objective];
        return new(PairKernels.Students[student](), make(), n, type);
    }

    private static bool Same(Tensor left, Tensor right) => left.bytes.SequenceEqual(right.bytes);

    private static TheoryData<string, string, bool> Rows(IReadOnlyList<string> objectives)
    {
        var rows = new TheoryData<string, string, bool>();
        foreach (var student in PairKernels.Students.Keys)
        {
            foreach (var objective in objectives)
            {
                rows.Add(student, objective, true);
                rows.Add(student, objective, false);
            }
        }

        return rows;
    }
}
