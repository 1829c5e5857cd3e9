using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Optimizers;

/// <summary>The optimizers of students: their steps against PyTorch's, their adjoints against central differences.</summary>
public sealed class StudentOptimizerTests : IDisposable
{
    private const int Steps = 20;
    private const int Batch = 5;
    private const double Scale = 1.7;
    private const double Rate = 0.5;
    private const double Limit = 0.2;

    private static readonly TensorSlot[] Layout = [.. EagerFunctions.Student(EagerExperiment.Classes, EagerExperiment.Inputs)];

    private readonly ErrorLog _errors;
    private readonly TensorBlock _weights = new(Layout, float64, CPU);
    private readonly TensorBlock _phi = new(EagerFunctions.Coefficients(EagerExperiment.Classes), float64, CPU);
    private readonly TensorBlock _phiAdjoint;
    private readonly Tensor _start;
    private readonly Tensor _direction;
    private readonly List<(Tensor X, Tensor Y)> _batches = [];

    public StudentOptimizerTests(ITestOutputHelper output)
    {
        _errors = new ErrorLog(output);
        using var generator = new Generator(5);
        _weights.Initialise(generator);
        _phi.Initialise(generator);
        _phiAdjoint = TensorBlock.LikeZeros(_phi);
        _start = _weights.Flat.clone();
        _direction = empty(_weights.Count, float64).normal_(0, 1, generator);
        for (var step = 0; step < Steps; step++)
        {
            var x = empty([Batch, EagerExperiment.Inputs], float64).normal_(0, 1, generator);
            // Weights of an input that is always 0 never have a gradient.
            using var last = x.select(1, EagerExperiment.Inputs - 1);
            last.fill_(0);
            _batches.Add((x, tensor(new long[] { 0, 1, 2, step % 3, 1 })));
        }
    }

    public static TheoryData<string> Names => [.. OptimizerCases.Names];

    public void Dispose()
    {
        _errors.Dispose();
        _weights.Dispose();
        _phi.Dispose();
        _phiAdjoint.Dispose();
        _start.Dispose();
        _direction.Dispose();
        foreach (var (x, y) in _batches)
        {
            x.Dispose();
            y.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_as_PyTorch_does(string name)
    {
        using var scope = NewDisposeScope();
        var chosen = OptimizerCases.Get(name, Limit);
        var expected = new TorchSharp.Modules.Parameter(_start.clone());
        var reference = PyTorchs(chosen, expected);
        Tensor? average = null;
        var clipped = 0;
        using var optimizer = chosen.Options.Create(_weights, Scale);
        using var gradient = Gradient(optimizer);
        Begin(optimizer);
        for (var step = 0; step < Steps; step++)
        {
            foreach (var group in reference.ParamGroups)
                group.LearningRate = RateAt(chosen, step);
            var (x, y) = _batches[step];
            reference.zero_grad();
            (Scale * EagerFunctions.TaughtLoss(EagerFunctions.Split(expected, Layout), _phi.Tensors, x, y).Value).backward();
            if (double.IsFinite(chosen.Options.ClipNorm) && nn.utils.clip_grad_norm_([expected], chosen.Options.ClipNorm) > chosen.Options.ClipNorm)
                clipped++;
            // PyTorch has no SGDW.
            if (chosen.Options is SgdOptions { DecoupledWeightDecay: true })
            {
                using (no_grad())
                    expected.mul_(1 - RateAt(chosen, step) * chosen.Options.WeightDecay);
            }
            reference.step();
            average = average is null || chosen.Options.AverageDecay is not { } decay ? expected.detach().clone() : average * decay + expected.detach() * (1 - decay);

            optimizer.Step(gradient, x, y, step, RateAt(chosen, step));

            _errors.Require("weights", expected.detach(), _weights.Flat, 1e-12);
        }

        optimizer.BeginEvaluation();

        _errors.Require("evaluated", average!, _weights.Flat, 1e-12);
        Assert.False(_weights.Flat.allclose(_start, rtol: 0.01));
        Assert.Equal(double.IsFinite(chosen.Options.ClipNorm), clipped is > 0 and < Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_adjoint_agrees_with_central_differences(string name)
    {
        var chosen = OptimizerCases.Get(name, Limit);
        using var scope = NewDisposeScope();
        using var optimizer = chosen.Options.Create(_weights, Scale);
        using var gradient = Gradient(optimizer);

        // Twice: the second sweep must not see the first.
        Sweep(chosen, optimizer, gradient);
        Sweep(chosen, optimizer, gradient);

        var (weights, phi) = (optimizer.WeightAdjoint.Flat.clone(), _phiAdjoint.Flat.clone());
        Assert.True(optimizer.WeightAdjoint.IsFinite());
        _errors.Require("initial weights", Differences(_start, () => Measure(chosen, optimizer, gradient)), weights, 1e-6);
        _errors.Require("coefficients", Differences(_phi.Flat, () => Measure(chosen, optimizer, gradient)), phi, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adjoints_of_the_settings_agree_with_central_differences(string name)
    {
        var chosen = OptimizerCases.Get(name, Limit);
        using var scope = NewDisposeScope();
        using var optimizer = chosen.Options.Create(_weights, Scale, differentiatesSettings: true);
        using var gradient = Gradient(optimizer);

        Sweep(chosen, optimizer, gradient);
        var rates = Sweep(chosen, optimizer, gradient);

        var weights = optimizer.WeightAdjoint.Flat.clone();
        _errors.Require("initial weights", Differences(_start, () => Measure(chosen, optimizer, gradient)), weights, 1e-6);
        _errors.Require("learning rates", tensor(Enumerable.Range(0, Steps).Select(OfRate).ToArray()), tensor(rates), 1e-6);
        if (chosen.Options is SgdOptions { Momentum: > 0 } sgd)
            _errors.Require("momentum", Slope(h => sgd with { Momentum = sgd.Momentum + h }), optimizer.Settings!.Momentum, 1e-6);
        if (chosen.Options is AdamOptions adam)
            _errors.Require("beta1", Slope(h => adam with { Beta1 = adam.Beta1 + h }), optimizer.Settings!.Momentum, 1e-6);
        if (chosen.Options.WeightDecay > 0)
            _errors.Require("decay", Slope(h => chosen.Options with { WeightDecay = chosen.Options.WeightDecay + h }), optimizer.Settings!.WeightDecay, 1e-6);

        double OfRate(int step) => Slope(h => chosen.Options, (at, h) => at == step ? h : 0);

        double Slope(Func<double, OptimizerOptions> change, Func<int, double, double>? rate = null)
        {
            const double h = 1e-5;
            return (At(h) - At(-h)) / (2 * h);

            double At(double by)
            {
                using var changed = change(by).Create(_weights, Scale);
                using var kernel = Gradient(changed);
                return Measure(chosen, changed, kernel, step => rate?.Invoke(step, by) ?? 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_from_a_restored_state_are_the_same_to_the_bit(string name)
    {
        const int At = 8;
        var chosen = OptimizerCases.Get(name, Limit);
        using var scope = NewDisposeScope();
        using var optimizer = chosen.Options.Create(_weights, Scale);
        using var gradient = Gradient(optimizer);
        Begin(optimizer);
        Tensor[] state = [];
        for (var step = 0; step < Steps; step++)
        {
            if (step == At)
                state = [.. optimizer.State.Select(block => block.Flat.clone())];
            Take(chosen, optimizer, gradient, step);
        }
        optimizer.BeginEvaluation();
        var end = _weights.Flat.clone();

        // A training of another kind in between.
        Begin(optimizer);
        _weights.Flat.fill_(0.1);
        Take(chosen, optimizer, gradient, 0);
        foreach (var (block, value) in optimizer.State.Zip(state))
            block.Flat.copy_(value);
        for (var step = At; step < Steps; step++)
            Take(chosen, optimizer, gradient, step);
        optimizer.BeginEvaluation();

        Assert.Same(_weights, optimizer.State[0]);
        Assert.True(optimizer.AdjointState.All(optimizer.State.Contains));
        Assert.True(end.Equals(_weights.Flat));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_step_makes_a_tensor_that_stays(string name)
    {
        var chosen = OptimizerCases.Get(name, Limit);
        using var optimizer = chosen.Options.Create(_weights, Scale);
        using var gradient = Gradient(optimizer);
        using var hyper = Hyper(optimizer);
        Begin(optimizer);
        optimizer.ResetAdjoint();
        Both(0);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var live = new List<long>();
        for (var step = 1; step < Steps; step++)
        {
            Both(step);
            live.Add(Tensor.TotalCount);
        }

        Assert.Single(live.Distinct());

        void Both(int step)
        {
            Take(chosen, optimizer, gradient, step);
            optimizer.AdjointStep(gradient, hyper, _batches[step].X, _batches[step].Y, gradient.Kept, step, RateAt(chosen, step));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_are_those_of_all_blocks(string name)
    {
        var chosen = OptimizerCases.Get(name, Limit);
        using var optimizer = chosen.Options.Create(_weights, Scale);
        using var gradient = Gradient(optimizer);
        var (bytes, live) = (optimizer.Bytes, Tensor.TotalCount);

        // All there is was made by asking, so that nothing is missing from the sum.
        Sweep(chosen, optimizer, gradient);

        Assert.Equal(live, Tensor.TotalCount);
        optimizer.Dispose();
        var perBlock = 3 + Layout.Length; // the storage, its two parts, a view for each tensor
        Assert.Equal((live - Tensor.TotalCount) / perBlock * _weights.Bytes, bytes);
    }

    [Fact]
    public void Adam_at_a_minimum_has_the_adjoint_of_its_first_moment()
    {
        // L = w.w / 2 at w = 0, where the gradient and both moments are 0 and the Hessian is not: w' = -eta w / (|w| + eps), and dw'/dw = -eta / eps.
        const double h = 1e-7;
        using var scope = NewDisposeScope();
        using var optimizer = new AdamOptions { Epsilon = 1 }.Create(_weights);
        using var gradient = new EagerGradientKernel(Square, _weights, _phi, optimizer.GradientTarget, Batch, EagerExperiment.Inputs);
        using var hyper = new EagerHyperKernel(
            Square, _weights, _phi, optimizer.Tangent, optimizer.WeightAdjoint, _phiAdjoint);
        _weights.Zero();
        optimizer.Reset();
        optimizer.WeightAdjoint.Flat.copy_(_direction);
        optimizer.ResetAdjoint();
        using var kept = EagerGradientKernel.Remembered(_batches[0].X, seed: 1);

        optimizer.AdjointStep(gradient, hyper, _batches[0].X, _batches[0].Y, kept, 0, Rate);

        var slope = (After(h) - After(-h)) / (2 * h);
        _errors.Require("adjoint", slope * _direction, optimizer.WeightAdjoint.Flat, 1e-6);
        Assert.Equal(1 - Rate, slope, 1e-6);

        double After(double start)
        {
            _weights.Flat.fill_(start);
            optimizer.Reset();
            optimizer.Step(gradient, _batches[0].X, _batches[0].Y, 0, Rate);
            return _weights.Flat[0].item<double>();
        }
    }

    [Fact]
    public void Adam_at_a_minimum_has_a_finite_adjoint_in_single_precision()
    {
        const double Epsilon = 1e-8;
        using var scope = NewDisposeScope();
        using var weights = new TensorBlock(Layout, float32, CPU);
        using var phi = new TensorBlock(_phi.Layout, float32, CPU);
        using var phiAdjoint = TensorBlock.LikeZeros(phi);
        using var optimizer = new AdamOptions { Epsilon = Epsilon }.Create(weights);
        using var gradient = new EagerGradientKernel(Square, weights, phi, optimizer.GradientTarget, Batch, EagerExperiment.Inputs);
        using var hyper = new EagerHyperKernel(Square, weights, phi, optimizer.Tangent, optimizer.WeightAdjoint, phiAdjoint);
        var (x, y) = (_batches[0].X.to(float32), _batches[0].Y);
        optimizer.WeightAdjoint.Flat.copy_(_direction);
        optimizer.ResetAdjoint();

        optimizer.AdjointStep(gradient, hyper, x, y, EagerGradientKernel.Remembered(x, seed: 1), 0, Rate);

        _errors.Require("adjoint", (1 - Rate / Epsilon) * _direction, optimizer.WeightAdjoint.Flat, 1e-6);
    }

    public static TheoryData<string, OptimizerOptions> Faults => new()
    {
        { "Momentum of the optimizer (SgdOptions) is -0.1", new SgdOptions { Momentum = -0.1 } },
        { "Momentum of the optimizer (SgdOptions) is 1", new SgdOptions { Momentum = 1 } },
        { "Momentum of the optimizer (SgdOptions) is NaN", new SgdOptions { Momentum = double.NaN } },
        { "Dampening of the optimizer (SgdOptions) is 1", new SgdOptions { Momentum = 0.5, Dampening = 1 } },
        { "It must be 0 where there is no Momentum", new SgdOptions { Dampening = 0.5 } },
        { "Nesterov of the optimizer (SgdOptions) is True", new SgdOptions { Nesterov = true } },
        { "Nesterov of the optimizer (SgdOptions) is True", new SgdOptions { Nesterov = true, Momentum = 0.5, Dampening = 0.5 } },
        { "WeightDecay of the optimizer (SgdOptions) is -1", new SgdOptions { WeightDecay = -1 } },
        { "WeightDecay of the optimizer (AdamWOptions) is", new AdamWOptions { WeightDecay = double.PositiveInfinity } },
        { "ClipNorm of the optimizer (SgdOptions) is 0", new SgdOptions { ClipNorm = 0 } },
        { "ClipNorm of the optimizer (SgdOptions) is NaN", new SgdOptions { ClipNorm = double.NaN } },
        { "AverageDecay of the optimizer (AdamOptions) is 1", new AdamOptions { AverageDecay = 1 } },
        { "Beta1 of the optimizer (AdamOptions) is 1", new AdamOptions { Beta1 = 1 } },
        { "Beta2 of the optimizer (AdamWOptions) is -0.5", new AdamWOptions { Beta2 = -0.5 } },
        { "Epsilon of the optimizer (AdamOptions) is 0", new AdamOptions { Epsilon = 0 } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Refuses_an_option_out_of_range(string message, OptimizerOptions options)
    {
        var live = Tensor.TotalCount;

        Assert.Contains(message, Assert.Throws<L2TException>(() => options.Create(_weights)).Message);
        Assert.Contains(message, Assert.Throws<L2TException>(
            () => new EagerExperiment { Data = EagerExperiment.Split(), Optimizer = options }.Train("sigmoid", 1)).Message);

        Assert.InRange(Tensor.TotalCount, 0, live + 8);
    }

    // w.w / 2.
    private static Judged Square(IReadOnlyList<Tensor> w, IReadOnlyList<Tensor> phi, Tensor x, Tensor y) => new(
        w.Select(p => p.pow(2).sum(dim: [])).Aggregate((a, b) => a + b) / 2 + 0 * phi[0].sum(dim: []), EagerFunctions.Logits(w, x));

    private static double RateAt(OptimizerCase chosen, int step) => Rate * chosen.Rate * chosen.Schedule.Factor(step, Steps);

    private static optim.Optimizer PyTorchs(OptimizerCase chosen, TorchSharp.Modules.Parameter weights) => chosen.Options switch
    {
        SgdOptions o => optim.SGD([weights], 1, o.Momentum, o.Dampening, o.DecoupledWeightDecay ? 0 : o.WeightDecay, o.Nesterov),
        AdamWOptions o => optim.AdamW([weights], 1, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
        AdamOptions o => optim.Adam([weights], 1, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
        _ => throw new NotSupportedException(),
    };

    private static Tensor Differences(Tensor point, Func<double> measure)
    {
        const double h = 1e-5;
        var values = point.data<double>().ToArray();
        var slopes = new double[values.Length];
        for (var i = 0; i < slopes.Length; i++)
        {
            point[i] = values[i] + h;
            var up = measure();
            point[i] = values[i] - h;
            var down = measure();
            point[i] = values[i];
            slopes[i] = (up - down) / (2 * h);
        }
        return tensor(slopes);
    }

    private EagerGradientKernel Gradient(ReversibleOptimizer optimizer) =>
        new(EagerFunctions.TaughtLoss, _weights, _phi, optimizer.GradientTarget, Batch, EagerExperiment.Inputs);

    private EagerHyperKernel Hyper(ReversibleOptimizer optimizer) => new(
        EagerFunctions.TaughtLoss, _weights, _phi, optimizer.Tangent, optimizer.WeightAdjoint, _phiAdjoint);

    private void Begin(ReversibleOptimizer optimizer)
    {
        _weights.Flat.copy_(_start);
        optimizer.Reset();
    }

    private void Take(OptimizerCase chosen, ReversibleOptimizer optimizer, EagerGradientKernel gradient, int step, double more = 0) =>
        optimizer.Step(gradient, _batches[step].X, _batches[step].Y, step, RateAt(chosen, step) + more);

    // There and back again, from nothing but the adjoint's part of the state; returns dM/deta by step where it is taken.
    private double[] Sweep(OptimizerCase chosen, ReversibleOptimizer optimizer, EagerGradientKernel gradient)
    {
        using var scope = NewDisposeScope();
        using var hyper = Hyper(optimizer);
        var past = new List<Tensor[]>();
        var kept = new List<Tensor>();
        Begin(optimizer);
        for (var step = 0; step < Steps; step++)
        {
            past.Add([.. optimizer.AdjointState.Select(block => block.Flat.clone())]);
            Take(chosen, optimizer, gradient, step);
            kept.Add(gradient.Kept.clone());
        }
        optimizer.BeginEvaluation();
        optimizer.WeightAdjoint.Flat.copy_(_direction);
        _phiAdjoint.Zero();
        optimizer.ResetAdjoint();
        foreach (var block in optimizer.State)
            block.Flat.fill_(double.NaN);
        var rates = new double[Steps];
        for (var step = Steps - 1; step >= 0; step--)
        {
            foreach (var (block, value) in optimizer.AdjointState.Zip(past[step]))
                block.Flat.copy_(value);
            optimizer.AdjointStep(gradient, hyper, _batches[step].X, _batches[step].Y, kept[step], step, RateAt(chosen, step));
            rates[step] = optimizer.Settings?.LearningRate ?? 0;
            Assert.All(optimizer.AdjointState.Zip(past[step]), pair => Assert.True(pair.First.Flat.Equals(pair.Second)));
        }
        return rates;
    }

    private double Measure(OptimizerCase chosen, ReversibleOptimizer optimizer, EagerGradientKernel gradient, Func<int, double>? more = null)
    {
        Begin(optimizer);
        for (var step = 0; step < Steps; step++)
            Take(chosen, optimizer, gradient, step, more?.Invoke(step) ?? 0);
        optimizer.BeginEvaluation();
        using var value = _weights.Flat.dot(_direction);
        return value.item<double>();
    }
}
