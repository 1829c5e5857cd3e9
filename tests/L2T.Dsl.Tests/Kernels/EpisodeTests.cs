using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A student whose start is known, so that a test can go its way again.</summary>
[Student]
public sealed partial class KnownStart
{
    [Parameter(6, 6, Init = Init.Identity)]
    public partial Tensor Hidden { get; }

    [Parameter(4, 6, Init = Init.Identity, Scale = 0.3)]
    public partial Tensor Output { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x) => functional.linear(functional.linear(x, Hidden).tanh(), Output);
}

[Experiment(typeof(KnownStart), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class KnownStartExperiment;

/// <summary>The teacher's gradient through whole trainings by generated kernels, in float64.</summary>
public sealed class EpisodeTests(ITestOutputHelper output)
{
    private const int Steps = 20;
    private const int Batch = 11;
    private const double Rate = 1.5;
    private const double Limit = 0.083;

    public static TheoryData<string> Names => [.. OptimizerCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_central_differences_of_the_whole_episode(string optimizer)
    {
        const double H = 1e-5;
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        var (chosen, data) = (OptimizerCases.Get(optimizer, Limit), Data());
        var teacher = Experiment(chosen, data).InitialTeacher();
        var gradient = Experiment(chosen, data).DifferentiateTraining(teacher, 0);

        var values = teacher.Values.ToArray();
        var slopes = Enumerable.Range(0, values.Length).Select(i => Slope(h => (chosen, new(teacher.Layout, [.. values.Select((v, j) => i == j ? v + h : v)])))).ToArray();
        errors.Require("teacher", tensor(slopes), tensor(gradient.Teacher.Values.ToArray()), 1e-6, least: 1e-4);
        errors.Require("learning rate", Slope(h => (chosen with { Rate = chosen.Rate + (h / Rate) }, teacher)), gradient.LearningRate, 1e-6);
        if (chosen.Options is SgdOptions { Momentum: > 0 } sgd)
            errors.Require("momentum", Slope(h => (chosen with { Options = sgd with { Momentum = sgd.Momentum + h } }, teacher)), gradient.Momentum, 1e-6);
        if (chosen.Options is AdamOptions adam)
            errors.Require("beta1", Slope(h => (chosen with { Options = adam with { Beta1 = adam.Beta1 + h } }, teacher)), gradient.Momentum, 1e-6);
        if (chosen.Options.WeightDecay is > 0 and var decay)
            errors.Require("decay", Slope(h => (chosen with { Options = chosen.Options with { WeightDecay = decay + h } }, teacher)), gradient.WeightDecay, 1e-6);

        double Slope(Func<double, (OptimizerCase Optimizer, ParameterSet Teacher)> at) => (Objective(at(H)) - Objective(at(-H))) / (2 * H);

        double Objective((OptimizerCase Optimizer, ParameterSet Teacher) at) =>
            Experiment(at.Optimizer, data, ObjectiveOnly.Trajectory).Differentiate(at.Teacher, 0).Objective;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_an_autograd_unroll(string optimizer)
    {
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        var (chosen, data) = (OptimizerCases.Get(optimizer, Limit), Data());
        var teacher = Experiment(chosen, data).InitialTeacher();

        var alone = Experiment(chosen, data).Differentiate(teacher, 0);
        var actual = Experiment(chosen, data).DifferentiateTraining(teacher, 0);

        var expected = Unroll(chosen, data, teacher);
        errors.Require("objective", expected.Objective, alone.Objective, 1e-12);
        errors.Require("teacher", expected.Teacher, tensor(alone.Gradient.Values.ToArray()), 1e-10, least: 1e-4);
        errors.Require("objective, with settings", expected.Objective, actual.Objective, 1e-12);
        errors.Require("teacher, with settings", expected.Teacher, tensor(actual.Teacher.Values.ToArray()), 1e-10, least: 1e-4);
        errors.Require("initial weights", expected.InitialWeights, tensor(actual.InitialWeights.Values.ToArray()), 1e-10);
        errors.Require("rates", expected.Rates, tensor(actual.StepRates.ToArray()), 1e-10);
        errors.Require("learning rate", expected.Rates.dot(Factors(chosen)).item<double>(), actual.LearningRate, 1e-10);
        errors.Require("momentum", expected.Momentum.item<double>(), actual.Momentum, 1e-10);
        errors.Require("decay", expected.WeightDecay.item<double>(), actual.WeightDecay, 1e-10);
        // Clipped in some steps and not in others.
        if (double.IsFinite(chosen.Options.ClipNorm))
            Assert.True(expected.Norms.Min() < Limit && Limit < expected.Norms.Max(), string.Join(" ", expected.Norms));
    }

    [Fact]
    public void Every_teacher_tensor_moves_within_two_episodes()
    {
        using var scope = NewDisposeScope();
        var experiment = new KnownStartExperiment { Data = Data(), Steps = Steps, BatchSize = Batch, LearningRate = Rate, Episodes = 2, DType = float64 };
        var before = experiment.InitialTeacher();

        var after = experiment.Teach().Parameters;

        Assert.All(before.Layout, slot => Assert.False(before[slot.Name].SequenceEqual(after[slot.Name]), $"{slot.Name} has not moved"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var data = Data();

        Assert.Equal(Taught(), Taught());

        (ParameterSet, ParameterSet) Taught()
        {
            var experiment = new SkipExperiment
            {
                Data = data,
                Steps = 20,
                BatchSize = 5,
                LearningRate = 0.05,
                Optimizer = new SgdOptions { Momentum = 0.9 },
                Episodes = 3,
                Seed = 4,
            };
            var teacher = experiment.Teach();
            return (teacher.Parameters, experiment.Train(teacher, 7).Weights);
        }
    }

    [Fact]
    public void Episodes_leave_no_tensor_and_no_memory()
    {
        using var scope = NewDisposeScope();
        var experiment = new PerceptronExperiment { Student = new Perceptron(40), Data = Data(), Steps = 30, BatchSize = 8, LearningRate = 0.1, Episodes = 70 };

        // The resident set has the runtime's own in it as well, code compiled for the tests before among them, which ends some time, as a leak would not.
        var growth = Growth();
        for (var again = 0; growth > 1 << 20 && again < 4; again++)
        {
            growth = Growth();
        }

        Assert.InRange(growth, long.MinValue, 1 << 20);

        long Growth()
        {
            var live = new List<long>();
            var resident = new List<long>();
            var inUse = new List<long>();
            var managed = new List<long>();

            // What other tests left to the finalizer must not vanish from the count in between.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            experiment.Teach(new Reports<TeachingProgress>(_ =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                live.Add(Tensor.TotalCount);
                resident.Add(Environment.WorkingSet);
                inUse.Add(NativeHeap.BytesInUse);
                managed.Add(GC.GetTotalMemory(forceFullCollection: false));
            }));

            Assert.Equal(70, live.Count);
            Assert.True(live.Distinct().Count() == 1, string.Join(" ", live));

            // A leak of 4 KiB a step would be 1.2 MiB in ten episodes, whichever of the heaps it is in.
            Assert.InRange(NativeHeap.SteadyGrowth(inUse), long.MinValue, 1 << 18);
            Assert.InRange(NativeHeap.SteadyGrowth(managed), long.MinValue, 1 << 18);
            return NativeHeap.LeastGrowth(resident);
        }
    }

    private static RecordedExperiment Experiment(OptimizerCase chosen, DataSplit data, ITrajectoryPolicy? policy = null) => new(new KnownStartExperiment())
    {
        Data = data,
        Steps = Steps,
        BatchSize = Batch,
        LearningRate = Rate * chosen.Rate,
        Schedule = chosen.Schedule,
        Optimizer = chosen.Options,
        DType = float64,
        Policy = policy,
    };

    private static Tensor Factors(OptimizerCase chosen) => tensor(Enumerable.Range(0, Steps).Select(step => chosen.Schedule.Factor(step, Steps)).ToArray());

    /// <summary>As many training examples as a batch holds: each batch is all of them, in an order that no mean depends on.</summary>
    private static DataSplit Data()
    {
        using var generator = new Generator(5);
        return new(Part(Batch), Part(17), Part(6));

        LabelledData Part(int n) => new(randn(n, 6, dtype: float64, generator: generator), randint(4, n, dtype: int64, generator: generator), 4);
    }

    private static Unrolled Unroll(OptimizerCase chosen, DataSplit data, ParameterSet teacher)
    {
        var student = new KnownStart();
        var loss = new BilinearLoss(4);
        var layout = ((ITensorModule)student).Layout;
        Tensor[] theta = [.. teacher.Layout.Select(slot => tensor(teacher[slot.Name].ToArray(), dtype: float64).view(slot.Shape).requires_grad_())];
        var start = cat([eye(6, dtype: float64).flatten(), (0.3 * eye(4, 6, dtype: float64)).flatten()]).requires_grad_();
        var rates = (Factors(chosen) * Rate * chosen.Rate).detach().requires_grad_();
        var optimizer = new UnrolledOptimizer(chosen.Options);
        var w = start;
        for (var t = 0; t < Steps; t++)
        {
            // The features are float32, as users declare them.
            var progress = (float)t / Steps;
            var state = tensor([(double)progress, (double)(1 - progress)], dtype: float64);
            var alpha = functional.softmax(matmul(theta[0], state), 0);
            ((ITensorModule)loss).Bind(new TensorCursor([matmul(alpha, theta[1]).view(4, 4), matmul(alpha, theta[2])]));
            ((ITensorModule)student).Bind(new TensorCursor(EagerFunctions.Split(w, layout)));
            var gradient = Autograd.Gradients(loss.Loss(student.Forward(data.Train.Inputs), data.Train.Labels), [w], createGraph: true)[0];
            w = optimizer.Step(w, gradient, t, rates[t]);
        }

        ((ITensorModule)student).Bind(new TensorCursor(EagerFunctions.Split(optimizer.Average ?? w, layout)));
        var objective = new SmoothAccuracy().Measure(student.Forward(data.Dev.Inputs), data.Dev.Labels);
        var gradients = Autograd.Gradients(objective, [start, rates, optimizer.Momentum, optimizer.WeightDecay, .. theta]);
        return new(objective.item<double>(), cat([.. gradients.Skip(4).Select(g => g.flatten())]), gradients[0], gradients[1], gradients[2], gradients[3], optimizer.Norms);
    }

    private sealed record Unrolled(
        double Objective, Tensor Teacher, Tensor InitialWeights, Tensor Rates, Tensor Momentum, Tensor WeightDecay, IReadOnlyList<double> Norms);
}
