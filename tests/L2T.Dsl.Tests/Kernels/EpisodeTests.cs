using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A student whose start is known, so that a test can go its way again.</summary>
[Student]
public sealed partial class KnownStart
{
    [Parameter(6, 6, Init = Init.Identity)]
    public partial Tensor Hidden { get; }

    [Parameter(4, 6, Init = Init.Constant, Scale = 0.1)]
    public partial Tensor Output { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x) => functional.linear(functional.linear(x, Hidden).tanh(), Output);
}

[Experiment(typeof(KnownStart), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class DescentExperiment;

[Experiment(typeof(KnownStart), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Optimizer = StudentOptimizer.Momentum)]
public sealed partial class MomentumExperiment;

/// <summary>The teacher's gradient through whole trainings by generated kernels, in float64.</summary>
public sealed class EpisodeTests
{
    private const int Steps = 8;
    private const int Batch = 11;
    private const double Rate = 1.5;
    private const double Mu = 0.8;

    [Theory]
    [InlineData(StudentOptimizer.Sgd)]
    [InlineData(StudentOptimizer.Momentum)]
    public void The_gradient_agrees_with_central_differences_of_the_whole_episode(StudentOptimizer kind)
    {
        const double H = 1e-5;
        using var scope = NewDisposeScope();
        var experiment = Experiment(kind, Data());
        var teacher = experiment.InitialTeacher();
        var gradient = experiment.Differentiate(teacher, 0).Gradient.Values.ToArray();

        var largest = gradient.Max(Math.Abs);
        Assert.True(largest > 1e-4);
        for (var i = 0; i < gradient.Length; i++)
        {
            var slope = (Objective(i, H) - Objective(i, -H)) / (2 * H);
            Assert.InRange(gradient[i] - slope, -1e-6 * largest, 1e-6 * largest);
        }

        double Objective(int i, double h)
        {
            var values = teacher.Values.ToArray();
            values[i] += h;
            return experiment.Differentiate(new(teacher.Layout, values), 0).Objective;
        }
    }

    [Theory]
    [InlineData(StudentOptimizer.Sgd)]
    [InlineData(StudentOptimizer.Momentum)]
    public void The_gradient_agrees_with_an_autograd_unroll(StudentOptimizer kind)
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var experiment = Experiment(kind, data);
        var teacher = experiment.InitialTeacher();

        var actual = experiment.Differentiate(teacher, 0);

        var (objective, expected) = Unroll(kind, data, teacher);
        Assert.Equal(objective, actual.Objective, 1e-12);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual.Gradient.Values.ToArray()), pair => Assert.InRange(pair.First - pair.Second, -1e-10 * largest, 1e-10 * largest));
    }

    [Fact]
    public void Every_teacher_tensor_moves_within_two_episodes()
    {
        using var scope = NewDisposeScope();
        var experiment = new DescentExperiment { Data = Data(), Steps = Steps, BatchSize = Batch, LearningRate = Rate, Episodes = 2, DType = float64 };
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
            var experiment = new SkipExperiment { Data = data, Steps = 20, BatchSize = 5, LearningRate = 0.05, Episodes = 3, Seed = 4 };
            var teacher = experiment.Teach();
            return (teacher.Parameters, experiment.Train(teacher, 7).Weights);
        }
    }

    [Fact]
    public void Episodes_leave_no_tensor_and_no_memory()
    {
        using var scope = NewDisposeScope();
        var experiment = new PerceptronExperiment { Student = new Perceptron(40), Data = Data(), Steps = 30, BatchSize = 8, LearningRate = 0.1, Episodes = 70 };
        var live = new List<long>();
        var resident = new List<long>();

        // What other tests left to the finalizer must not vanish from the count in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        experiment.Teach(new Reports<TeachingProgress>(_ =>
        {
            live.Add(Tensor.TotalCount);
            resident.Add(Environment.WorkingSet);
        }));

        Assert.Equal(70, live.Count);
        Assert.True(live.Distinct().Count() == 1, string.Join(" ", live));
        // The first episodes fill pools and compile code; over the fifty behind them nothing may be added but noise.
        Assert.InRange(resident[69] - resident[19], long.MinValue, 8 << 20);
    }

    private static LossTeacherExperiment Experiment(StudentOptimizer kind, DataSplit data) => kind == StudentOptimizer.Sgd
        ? new DescentExperiment { Data = data, Steps = Steps, BatchSize = Batch, LearningRate = Rate, DType = float64 }
        : new MomentumExperiment { Data = data, Steps = Steps, BatchSize = Batch, LearningRate = Rate, Momentum = Mu, DType = float64 };

    /// <summary>As many training examples as a batch holds: each batch is all of them, in an order that no mean depends on.</summary>
    private static DataSplit Data()
    {
        using var generator = new Generator(5);
        return new(Part(Batch), Part(17), Part(6));

        LabelledData Part(int n) => new(randn(n, 6, dtype: float64, generator: generator), randint(4, n, dtype: int64, generator: generator), 4);
    }

    private static (double Objective, double[] Gradient) Unroll(StudentOptimizer kind, DataSplit data, ParameterSet teacher)
    {
        var student = new KnownStart();
        var loss = new BilinearLoss(4);
        Tensor[] theta = [.. teacher.Layout.Select(slot => tensor(teacher[slot.Name].ToArray(), dtype: float64).view(slot.Shape).requires_grad_())];
        Tensor[] w = [eye(6, dtype: float64).requires_grad_(), full([4, 6], 0.1, dtype: float64).requires_grad_()];
        Tensor[] velocity = [.. w.Select(p => zeros_like(p))];
        for (var t = 0; t < Steps; t++)
        {
            // The features are float32, as users declare them.
            var progress = (float)t / Steps;
            var state = tensor([(double)progress, (double)(1 - progress)], dtype: float64);
            var alpha = functional.softmax(matmul(theta[0], state), 0);
            ((ITensorModule)loss).Bind(new TensorCursor([matmul(alpha, theta[1]).view(4, 4), matmul(alpha, theta[2])]));
            ((ITensorModule)student).Bind(new TensorCursor(w));
            var gradient = Autograd.Gradients(loss.Loss(student.Forward(data.Train.Inputs), data.Train.Labels), w, createGraph: true);
            velocity = [.. velocity.Zip(gradient, (v, g) => kind == StudentOptimizer.Sgd ? g : (Mu * v) + g)];
            w = [.. w.Zip(velocity, (p, v) => p - (Rate * v))];
        }

        ((ITensorModule)student).Bind(new TensorCursor(w));
        var objective = new SmoothAccuracy().Measure(student.Forward(data.Dev.Inputs), data.Dev.Labels);
        return (objective.item<double>(), [.. Autograd.Gradients(objective, theta).SelectMany(g => g.data<double>().ToArray())]);
    }
}
