using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Optimizers;

/// <summary>The optimizers of students: their steps against PyTorch's, their adjoints against central differences.</summary>
public sealed class StudentOptimizerTests : IDisposable
{
    private const int Steps = 4;
    private const double Scale = 1.7;
    private const double Mu = 0.8;

    private static readonly TensorSlot[] Layout = [.. EagerFunctions.Student(EagerExperiment.Classes, EagerExperiment.Inputs)];
    private static readonly double[] Rates = [0.5, 0.3, 0.9, 0.4];

    private readonly TensorBlock _weights = new(Layout, float64, CPU);
    private readonly TensorBlock _phi = new(EagerFunctions.Coefficients(EagerExperiment.Classes), float64, CPU);
    private readonly TensorBlock _phiAdjoint;
    private readonly Tensor _start;
    private readonly Tensor _direction;
    private readonly List<(Tensor X, Tensor Y)> _batches = [];

    public StudentOptimizerTests()
    {
        using var generator = new Generator(5);
        _weights.Initialise(generator);
        _phi.Initialise(generator);
        _phiAdjoint = TensorBlock.LikeZeros(_phi);
        _start = _weights.Flat.clone();
        _direction = empty(_weights.Count, float64).normal_(0, 1, generator);
        for (var step = 0; step < Steps; step++)
            _batches.Add((empty([5, EagerExperiment.Inputs], float64).normal_(0, 1, generator), tensor(new long[] { 0, 1, 2, step % 3, 1 })));
    }

    public void Dispose()
    {
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
    [InlineData(StudentOptimizer.Sgd)]
    [InlineData(StudentOptimizer.Momentum)]
    public void Steps_as_PyTorch_does(StudentOptimizer kind)
    {
        using var scope = NewDisposeScope();
        var expected = new TorchSharp.Modules.Parameter(_start.clone());
        var reference = optim.SGD([expected], 1, kind == StudentOptimizer.Momentum ? Mu : 0);
        for (var step = 0; step < Steps; step++)
        {
            foreach (var group in reference.ParamGroups)
                group.LearningRate = Rates[step];
            var (x, y) = _batches[step];
            var loss = Scale * EagerFunctions.TaughtLoss(EagerFunctions.Split(expected, Layout), _phi.Tensors, x, y).Value;
            reference.zero_grad();
            loss.backward();
            reference.step();
        }

        using var optimizer = Create(kind);
        using var gradient = Gradient(optimizer);
        Train(optimizer, gradient);

        Assert.True(_weights.Flat.allclose(expected, rtol: 1e-13, atol: 1e-13));
        Assert.False(_weights.Flat.allclose(_start));
    }

    [Theory]
    [InlineData(StudentOptimizer.Sgd)]
    [InlineData(StudentOptimizer.Momentum)]
    public void The_adjoint_agrees_with_central_differences(StudentOptimizer kind)
    {
        using var optimizer = Create(kind);
        using var gradient = Gradient(optimizer);
        using var hyper = new EagerHyperKernel(EagerFunctions.TaughtLoss, _weights, _phi, optimizer.Tangent, optimizer.WeightAdjoint, _phiAdjoint, 5,
            EagerExperiment.Inputs);

        // Twice: the second sweep must not see the first.
        for (var sweep = 0; sweep < 2; sweep++)
        {
            var past = Train(optimizer, gradient);
            optimizer.WeightAdjoint.Flat.copy_(_direction);
            _phiAdjoint.Zero();
            optimizer.ResetAdjoint();
            for (var step = Steps - 1; step >= 0; step--)
            {
                using var kept = _batches[step].X.flatten();
                _weights.Flat.copy_(past[step]);
                hyper.Kept.copy_(kept);
                optimizer.AdjointStep(gradient, hyper, _batches[step].X, _batches[step].Y, step, Rates[step]);
            }
            past.ForEach(weights => weights.Dispose());
        }

        AssertDifferences(_start, optimizer.WeightAdjoint.Flat, () => Measure(optimizer, gradient));
        AssertDifferences(_phi.Flat, _phiAdjoint.Flat, () => Measure(optimizer, gradient));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Refuses_a_momentum_that_diverges(double momentum) =>
        Assert.Contains("momentum", Assert.Throws<L2TException>(() => new Momentum(_weights, momentum)).Message);

    [Fact]
    public void Refuses_a_kind_that_is_none() =>
        Assert.Contains("Sgd, Momentum", Assert.Throws<L2TException>(() => ReversibleOptimizer.Create((StudentOptimizer)9, _weights, 0.9)).Message);

    private static void AssertDifferences(Tensor point, Tensor gradient, Func<double> measure)
    {
        const double h = 1e-5;
        var values = HostAccessOf(point);
        var expected = gradient.data<double>().ToArray();
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            point[i] = values[i] + h;
            var up = measure();
            point[i] = values[i] - h;
            var down = measure();
            point[i] = values[i];
            Assert.InRange(expected[i] - (up - down) / (2 * h), -1e-8 * scale, 1e-8 * scale);
        }

        static double[] HostAccessOf(Tensor tensor) => tensor.data<double>().ToArray();
    }

    private ReversibleOptimizer Create(StudentOptimizer kind) => ReversibleOptimizer.Create(kind, _weights, Mu, Scale);

    private EagerGradientKernel Gradient(ReversibleOptimizer optimizer) =>
        new(EagerFunctions.TaughtLoss, _weights, _phi, optimizer.GradientTarget, 5, EagerExperiment.Inputs);

    // Trains from the start and returns the weights before each step.
    private List<Tensor> Train(ReversibleOptimizer optimizer, GradientKernel gradient)
    {
        var past = new List<Tensor>();
        _weights.Flat.copy_(_start);
        optimizer.Reset();
        for (var step = 0; step < Steps; step++)
        {
            past.Add(_weights.Flat.clone());
            optimizer.Step(gradient, _batches[step].X, _batches[step].Y, step, Rates[step]);
        }
        return past;
    }

    private double Measure(ReversibleOptimizer optimizer, GradientKernel gradient)
    {
        Train(optimizer, gradient).ForEach(weights => weights.Dispose());
        using var value = _weights.Flat.dot(_direction);
        return value.item<double>();
    }
}
