using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Generated kernels in float64 against the same bodies under autograd (1e-10 relative) and against central differences
/// (1e-6), to second order. Adding a case is adding a row.
/// </summary>
public sealed class KernelTests
{
    private const double Seed = -0.7;
    private const double Exact = 1e-10;
    private const double Approximate = 1e-6;

    private static readonly Dictionary<string, (Func<LossTeacherExperiment> Experiment, Func<object> Loss, Func<object> Metric)> Cases = new()
    {
        ["regression"] = (() => new RegressionExperiment(), () => new BilinearLoss(4), () => new ExpectedAccuracy()),
        ["perceptron"] = (() => new PerceptronExperiment { Student = new Perceptron(5) }, () => new BilinearLoss(4), () => new SmoothAccuracy()),
        ["wide perceptron"] = (() => new PerceptronExperiment { Student = new Perceptron(40) }, () => new BilinearLoss(4), () => new SmoothAccuracy()),
        ["skip"] = (() => new SkipExperiment(), () => new MixedLoss(4), () => new ExpectedAccuracy()),
        ["tied"] = (() => new TiedExperiment(), () => new MixedLoss(4), () => new SmoothAccuracy()),
        ["awkward names"] = (() => new AwkwardExperiment { Student = new AwkwardNames(5, 0.7) }, () => new BilinearLoss(4), () => new ExpectedAccuracy()),
        ["fallback"] = (() => new FallbackExperiment(), () => new BilinearLoss(4), () => new ExpectedAccuracy()),
        ["real targets"] = (() => new CurveExperiment(), () => new PairLoss(), () => new NegativeSquaredError()),
        ["real targets [N]"] = (() => new LineExperiment(), () => new TiltedLoss(), () => new LineCloseness()),
    };

    private static readonly Dictionary<string, Func<object>> FixedLosses = new()
    {
        [nameof(CrossEntropy)] = () => new CrossEntropy(),
        [nameof(SmoothZeroOne)] = () => new SmoothZeroOne(),
        [nameof(LargeMarginSoftmax)] = () => new LargeMarginSoftmax(),
        [nameof(LabelSmoothing)] = () => new LabelSmoothing(),
        [nameof(Focal)] = () => new Focal(),
        [nameof(BilinearLoss)] = () => new BilinearLoss(4),
    };

    /// <summary>Batch sizes below, at and above the width of a vector, and with a tail.</summary>
    public static TheoryData<string, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var name in Cases.Keys)
            {
                foreach (var n in (int[])[1, 7, 8, 33])
                {
                    rows.Add(name, n);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string> Losses => [.. FixedLosses.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradients_agree_with_autograd(string name, int n)
    {
        using var scope = NewDisposeScope();
        var (experiment, loss, metric) = Cases[name];
        using var oracle = new Oracle(experiment());
        using var noCoefficients = new TensorBlock([], float64, CPU);
        var (x, y) = oracle.Batch(n);
        using var into = TensorBlock.LikeZeros(oracle.Weights);

        using var lossKernel = oracle.Loss(into, n);
        RequireGradient(lossKernel, into, oracle.Eager(loss(), oracle.Coefficients, x, y), x, y);
        using var metricKernel = oracle.Metric(into, n);
        RequireGradient(metricKernel, into, oracle.Eager(metric(), noCoefficients, x, y), x, y);
        using var forward = oracle.Forward(n);
        Same(oracle.Eager(loss(), oracle.Coefficients, x, y).Output, forward.Run(x), Exact);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Gradients_of_fixed_losses_agree_with_autograd(string name)
    {
        const int N = 9;
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(new PerceptronExperiment { Student = new Perceptron(5) });
        var loss = oracle.Baselines.Single(b => b.Name == name);
        using var phi = oracle.Random(loss.Coefficients);
        using var into = TensorBlock.LikeZeros(oracle.Weights);
        using var kernel = loss.Create(oracle.Weights, phi, into, N);
        var (x, y) = oracle.Batch(N);

        RequireGradient(kernel, into, oracle.Eager(FixedLosses[name](), phi, x, y), x, y);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Hyper_steps_agree_with_double_backward(string name, int n)
    {
        using var scope = NewDisposeScope();
        var (experiment, loss, _) = Cases[name];
        using var oracle = new Oracle(experiment());
        var (x, y) = oracle.Batch(n);
        using var tangent = oracle.Random(oracle.Weights.Layout);

        var (hv, mv) = HyperStep(oracle, tangent, x, y);

        var (expectedHv, expectedMv) = oracle.Eager(loss(), oracle.Coefficients, x, y).HyperStep(tangent);
        Same(expectedHv * Seed, hv, Exact);
        Same(expectedMv * Seed, mv, Exact);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Derivatives_agree_with_central_differences(string name, int n)
    {
        const double H = 1e-5;
        using var scope = NewDisposeScope();
        var (experiment, _, _) = Cases[name];
        using var oracle = new Oracle(experiment());
        var (x, y) = oracle.Batch(n);
        using var tangent = oracle.Random(oracle.Weights.Layout);
        using var into = TensorBlock.LikeZeros(oracle.Weights);
        using var kernel = oracle.Loss(into, n);

        var gradient = Gradient(0);
        var (hv, _) = HyperStep(oracle, tangent, x, y);

        var slope = (Value(H) - Value(-H)) / (2 * H);
        Assert.Equal(slope, (gradient * tangent.Flat).sum(dim: []).item<double>() / Seed, Approximate * (1 + Math.Abs(slope)));
        Same((Gradient(H) - Gradient(-H)) / (2 * H), hv, Approximate);

        double Value(double h) => At(h, () => kernel.Value.item<double>());

        Tensor Gradient(double h) => At(h, () => into.Flat.clone());

        T At<T>(double h, Func<T> read)
        {
            using var start = oracle.Weights.Flat.clone();
            oracle.Weights.Flat.add_(tangent.Flat, h);
            into.Zero();
            kernel.Run(x, y, Seed);
            oracle.Weights.Flat.copy_(start);
            return read();
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_hessian_is_symmetric(string name, int n)
    {
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(Cases[name].Experiment());
        var (x, y) = oracle.Batch(n);
        using var u = oracle.Random(oracle.Weights.Layout);
        using var v = oracle.Random(oracle.Weights.Layout);

        var left = (u.Flat * HyperStep(oracle, v, x, y).Hv).sum(dim: []).item<double>();
        var right = (v.Flat * HyperStep(oracle, u, x, y).Hv).sum(dim: []).item<double>();

        Assert.Equal(left, right, Exact * (1 + Math.Abs(left)));
    }

    [Fact]
    public void A_gradient_added_into_the_weights_is_the_step_of_descent()
    {
        const int N = 7;
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(new PerceptronExperiment { Student = new Perceptron(40) });
        var (x, y) = oracle.Batch(N);
        using var gradient = TensorBlock.LikeZeros(oracle.Weights);
        using var apart = oracle.Loss(gradient, N);
        apart.Run(x, y, -0.1);
        var expected = oracle.Weights.Flat + gradient.Flat;

        using var step = oracle.Loss(oracle.Weights, N);
        step.Run(x, y, -0.1);

        Same(expected, oracle.Weights.Flat, 1e-15);
    }

    [Fact]
    public void A_hyper_step_may_add_to_its_own_tangent()
    {
        const int N = 7;
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(new TiedExperiment());
        var (x, y) = oracle.Batch(N);
        using var tangent = oracle.Random(oracle.Weights.Layout);
        var expected = tangent.Flat + HyperStep(oracle, tangent, x, y).Hv;

        using var intoPhi = TensorBlock.LikeZeros(oracle.Coefficients);
        using var kernel = oracle.Hyper(tangent, tangent, intoPhi, N);
        kernel.Run(x, y, Kept(oracle, x, y), Seed);

        Same(expected, tangent.Flat, 1e-14);
    }

    [Fact]
    public void Runs_repeat_bit_for_bit_and_leave_no_tensor()
    {
        const int N = 33;
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(new SkipExperiment());
        var (x, y) = oracle.Batch(N);
        using var tangent = oracle.Random(oracle.Weights.Layout);
        using var into = TensorBlock.LikeZeros(oracle.Weights);
        using var intoPhi = TensorBlock.LikeZeros(oracle.Coefficients);
        using var kernel = oracle.Loss(into, N);
        using var hyper = oracle.Hyper(tangent, into, intoPhi, N);
        kernel.Run(x, y, Seed);
        hyper.Run(x, y, kernel.Kept, Seed);
        var first = into.Flat.clone();
        into.Zero();
        var live = Tensor.TotalCount;

        kernel.Run(x, y, Seed);
        hyper.Run(x, y, kernel.Kept, Seed);

        Assert.Equal(live, Tensor.TotalCount);
        Assert.True(first.equal(into.Flat).all().item<bool>());
    }

    [Fact]
    public void A_tensor_of_another_shape_or_type_is_refused()
    {
        using var scope = NewDisposeScope();
        using var oracle = new Oracle(new RegressionExperiment());
        using var into = TensorBlock.LikeZeros(oracle.Weights);
        using var kernel = oracle.Loss(into, 7);
        var (x, y) = oracle.Batch(8);

        Assert.Contains("7", Assert.Throws<L2TException>(() => kernel.Run(x, y, Seed)).Message, StringComparison.Ordinal);
        Assert.Throws<L2TException>(() => kernel.Run(x.narrow(0, 0, 7).to(float32), y.narrow(0, 0, 7), Seed));

        using var phi = TensorBlock.LikeZeros(oracle.Coefficients);
        using var hyper = oracle.Hyper(into, into, phi, 7);
        Assert.Contains("'kept'", Assert.Throws<L2TException>(
            () => hyper.Run(x.narrow(0, 0, 7), y.narrow(0, 0, 7), zeros(3, dtype: float64), Seed)).Message, StringComparison.Ordinal);
    }

    private static void RequireGradient(GradientKernel kernel, TensorBlock into, EagerRun expected, Tensor x, Tensor y)
    {
        // Into a block that is not empty: kernels add.
        into.Flat.fill_(0.25);
        kernel.Run(x, y, Seed);
        Same(expected.Value, kernel.Value, 1e-12);
        Same(expected.Output, kernel.Output, 1e-12);
        Same(expected.Gradient() * Seed, into.Flat - 0.25, Exact);
    }

    private static (Tensor Hv, Tensor Mv) HyperStep(Oracle oracle, TensorBlock tangent, Tensor x, Tensor y)
    {
        using var intoW = TensorBlock.LikeZeros(oracle.Weights);
        using var intoPhi = TensorBlock.LikeZeros(oracle.Coefficients);
        using var kernel = oracle.Hyper(tangent, intoW, intoPhi, x.shape[0]);
        kernel.Run(x, y, Kept(oracle, x, y), Seed);
        return (intoW.Flat.clone(), intoPhi.Flat.clone());
    }

    /// <summary>What the step leaves for its reverse.</summary>
    private static Tensor Kept(Oracle oracle, Tensor x, Tensor y)
    {
        using var unused = TensorBlock.LikeZeros(oracle.Weights);
        using var step = oracle.Loss(unused, x.shape[0]);
        step.Run(x, y, Seed);
        return step.Kept.clone();
    }

    private static void Same(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).norm().item<double>();
        Assert.InRange(error, 0, tolerance * (1e-6 + expected.norm().item<double>()));
    }
}
