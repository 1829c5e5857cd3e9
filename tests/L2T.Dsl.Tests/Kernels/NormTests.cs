using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Batch normalisation: kernels against libtorch's own, the running statistics and their adjoint, and whole trainings, in which the last
/// weights are judged by statistics that all weights before had a share in.
/// </summary>
public sealed class NormTests(ITestOutputHelper output)
{
    private const int Steps = 6;
    private const double Exact = 1e-10;
    private const double Approximate = 1e-6;
    private const string WithDropout = ", dropout";

    [Theory]
    [InlineData(nameof(NormNetwork), true)]
    [InlineData(nameof(NormNetwork), false)]
    [InlineData(nameof(NormStack), true)]
    [InlineData(nameof(NormStack), false)]
    [InlineData(nameof(ResNet), true)]
    [InlineData(nameof(ResNet), false)]
    [InlineData(nameof(WideResNet), true)]
    [InlineData(nameof(WideResNet), false)]
    [InlineData(nameof(DenseStack), true)]
    [InlineData(nameof(DenseStack), false)]
    [InlineData(nameof(DenseNet), true)]
    [InlineData(nameof(DenseNet), false)]
    public void Training_agrees_with_autograd(string student, bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(Student(student), new BilinearLoss(4), 9, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        var eager = Eager(point, training: true);

        kernel.Run(point.X, point.Y, -0.7);

        errors.Require("value", eager.Value, kernel.Value, 1e-12);
        errors.Require("output", eager.Output, kernel.Output, 1e-12);
        errors.Require("gradient", eager.Gradient * -0.7, into.Flat, Exact);
        for (var i = 0; i < eager.Buffers.Length; i++)
            errors.Require("running statistics", eager.Buffers[i], point.W.Buffers[i], 1e-12);

        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var hyper = PairKernels.Hyper(point.Student, point.Objective, fuse, point.W, point.Phi, point.Tangent, hv, mv, point.N);
        hyper.Run(point.X, point.Y, kernel.Kept, -0.7);
        errors.Require("H v", eager.Product(point.Tangent) * -0.7, hv.Flat, 1e-9);
    }

    [Theory]
    [InlineData(nameof(NormNetwork), true)]
    [InlineData(nameof(NormNetwork), false)]
    [InlineData(nameof(NormStack), true)]
    [InlineData(nameof(NormStack), false)]
    [InlineData(nameof(ResNet), true)]
    [InlineData(nameof(ResNet), false)]
    [InlineData(nameof(DenseStack), true)]
    [InlineData(nameof(DenseStack), false)]
    [InlineData(nameof(DenseNet), true)]
    [InlineData(nameof(DenseNet), false)]
    public void Evaluation_agrees_with_autograd_and_by_the_running_statistics_with_central_differences(string student, bool fuse)
    {
        const double H = 1e-5;
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(Student(student), new SmoothAccuracy(), 9, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        using var forward = PairKernels.Forward(point.Student, fuse, point.W, point.N);
        point.W.BufferFlat.copy_(linspace(0.3, 1.4, point.W.BufferCount, dtype: float64));
        var eager = Eager(point, training: false);

        kernel.Run(point.X, point.Y, 1);

        errors.Require("value", eager.Value, kernel.Value, 1e-12);
        errors.Require("forward", eager.Output, forward.Run(point.X), 1e-12);
        errors.Require("gradient", eager.Gradient, into.Flat, Exact);
        var gradient = into.BufferFlat.clone();
        var slopes = Enumerable.Range(0, (int)point.W.BufferCount).Select(i => (Moved(i, H) - Moved(i, -H)) / (2 * H)).ToArray();
        errors.Require("gradient of the statistics", tensor(slopes, dtype: float64), gradient, Approximate);

        double Moved(int i, double by)
        {
            var before = point.W.BufferFlat[i].item<double>();
            point.W.BufferFlat[i] = before + by;
            kernel.Run(point.X, point.Y, 1);
            point.W.BufferFlat[i] = before;
            return kernel.Value.item<double>();
        }
    }

    /// <summary>The running statistics have no part in the value of a step, so the steps at the points around leave no trace.</summary>
    /// <param name="student">The student; of images, each weight moves many rectified units, and few may pass their corner.</param>
    /// <param name="h">How far the weights move.</param>
    /// <param name="fuse">Whether pointwise ops become loops.</param>
    [Theory]
    [InlineData(nameof(NormNetwork), 1e-5, true)]
    [InlineData(nameof(NormNetwork), 1e-5, false)]
    [InlineData(nameof(NormStack), 1e-5, true)]
    [InlineData(nameof(NormStack), 1e-5, false)]
    [InlineData(nameof(WideNetwork), 1e-5, true)]
    [InlineData(nameof(WideNetwork), 1e-5, false)]
    [InlineData(nameof(ResNet), 1e-6, true)]
    [InlineData(nameof(ResNet), 1e-6, false)]
    [InlineData(nameof(DenseStack), 1e-5, true)]
    [InlineData(nameof(DenseStack), 1e-5, false)]
    [InlineData(nameof(DenseStack) + WithDropout, 1e-5, true)]
    [InlineData(nameof(DenseStack) + WithDropout, 1e-5, false)]
    [InlineData(nameof(DenseNet) + WithDropout, 1e-6, true)]
    [InlineData(nameof(DenseNet) + WithDropout, 1e-6, false)]
    public void In_training_every_partial_derivative_agrees_with_central_differences(string student, double h, bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(Student(student), new BilinearLoss(4), 9, float64);
        using var into = TensorBlock.LikeZeros(point.W);
        using var hv = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var kernel = point.Gradient(fuse, into);
        using var hyper = PairKernels.Hyper(point.Student, point.Objective, fuse, point.W, point.Phi, point.Tangent, hv, mv, point.N);
        kernel.NoiseKey = hyper.NoiseKey = 12345;
        var weights = point.W.Flat.clone();

        var partial = new double[weights.numel()];
        for (var i = 0; i < partial.Length; i++)
        {
            partial[i] = (ValueAt(i, h) - ValueAt(i, -h)) / (2 * h);
        }

        var gradient = GradientAt(0);
        hyper.Run(point.X, point.Y, kernel.Kept, 1);

        errors.Require("gradient", tensor(partial, dtype: float64), gradient, Approximate);
        errors.Require("H v", (GradientAt(h) - GradientAt(-h)) / (2 * h), hv.Flat, Approximate);

        double ValueAt(int i, double by)
        {
            var before = point.W.Flat[i].item<double>();
            point.W.Flat[i] = before + by;
            kernel.Run(point.X, point.Y, 1);
            point.W.Flat[i] = before;
            return kernel.Value.item<double>();
        }

        Tensor GradientAt(double by)
        {
            point.W.Flat.copy_(weights).add_(point.Tangent.Flat, by);
            into.Zero();
            kernel.Run(point.X, point.Y, 1);
            point.W.Flat.copy_(weights);
            return into.Flat.clone();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_adjoint_of_the_running_statistics_agrees_with_central_differences(bool fuse)
    {
        const double H = 1e-5;
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = new PairPoint(new NormNetwork(), new BilinearLoss(4), 9, float64);
        using var unused = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, unused);
        using var zero = TensorBlock.LikeZeros(point.W);
        using var back = TensorBlock.LikeZeros(point.W);
        using var mv = TensorBlock.LikeZeros(point.Phi);
        using var hyper = point.Hyper(fuse, zero, back, mv);
        var kept = point.Kept(fuse, 1);
        var start = point.W.Flat.clone();
        var buffers = point.W.BufferFlat.clone();
        var adjoint = linspace(-1, 1, point.W.BufferCount, dtype: float64);
        back.BufferFlat.copy_(adjoint);

        hyper.Run(point.X, point.Y, kept, 1);

        var slope = (Judged(H) - Judged(-H)) / (2 * H);
        errors.Require("weights", slope, (back.Flat * point.Tangent.Flat).sum(dim: []).item<double>(), Approximate);
        errors.Require("statistics", cat([adjoint.narrow(0, 0, 16) * 0.9, adjoint.narrow(0, 16, 4) * 0.7]), back.BufferFlat, Exact);

        double Judged(double h)
        {
            point.W.Flat.copy_(start).add_(point.Tangent.Flat, h);
            point.W.BufferFlat.copy_(buffers);
            kernel.Run(point.X, point.Y, 1);
            return (point.W.BufferFlat * adjoint).sum(dim: []).item<double>();
        }
    }

    [Theory]
    [InlineData("SGD")]
    [InlineData("momentum")]
    [InlineData("AdamW, clipping")]
    public void The_gradient_agrees_with_central_differences_of_the_whole_episode(string name)
    {
        OptimizerOptions optimizer = name switch
        {
            "SGD" => new SgdOptions(),
            "momentum" => new SgdOptions { Momentum = 0.9 },
            _ => new AdamWOptions { Epsilon = 1e-2, ClipNorm = 0.4 },
        };
        CheckEpisode(() => new NormExperiment(), optimizer, output);
        CheckEpisode(() => new CentredExperiment(), optimizer, output);
        CheckEpisode(() => new NormStackExperiment { Student = new NormStack(2) }, optimizer, output);
        CheckEpisode(() => new WideExperiment(), optimizer, output, 2, 4, 5);
    }

    [Fact]
    public void The_gradient_through_a_residual_network_agrees_with_central_differences_of_the_whole_episode() =>
        CheckEpisode(() => new ResNetExperiment { Student = new ResNet(1, 1, 4) }, new SgdOptions(), output, 3, 32, 32);

    [Fact]
    public void The_gradient_through_a_densely_connected_network_with_dropout_agrees_with_central_differences_of_the_whole_episode() =>
        CheckEpisode(() => new DenseNetExperiment { Student = new DenseNet(2, 1, 4, 0.2) }, new SgdOptions { Momentum = 0.9 }, output, 3, 32, 32);

    [Fact]
    public void Trained_students_keep_their_statistics()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var data = Examples([6]);
        var experiment = new NormExperiment { Data = data, Steps = 20, BatchSize = 10, LearningRate = 0.1, DType = float64 };

        var student = experiment.Train(nameof(CrossEntropy), 3);
        student.Save(folder["student"]);
        var loaded = TrainedStudent.Load(folder["student"]);

        Assert.NotEqual(0, student.Weights["_features.RunningMean"][0]);
        Assert.Equal(student.Weights, loaded.Weights);
        var network = new NormNetwork();
        using var weights = loaded.CopyTo(network, float64);
        using var errors = new ErrorLog(output);
        errors.Require("predictions", network.Forward(data.Test.Inputs), experiment.Predict(loaded, data.Test.Inputs), 1e-12);
        Assert.Equal(student.DevError, experiment.Evaluate(loaded, data.Dev).ErrorRate);
    }

    /// <summary>Compares the teacher's gradient with central differences of the objective, the states held.</summary>
    internal static void CheckEpisode(Func<LossTeacherExperiment> make, OptimizerOptions optimizer, ITestOutputHelper output, params long[] image)
    {
        const double H = 1e-5;
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        using var recording = new Recording();
        var data = Examples(image.Length == 0 ? [6] : image);
        var teacher = Recorded(recording, null).InitialTeacher();
        Recorded(recording, null).Differentiate(teacher, 1);
        var experiment = Recorded(null, recording.States);
        var judged = Recorded(null, recording.States, ObjectiveOnly.Trajectory);
        var gradient = experiment.Differentiate(teacher, 1).Gradient.Values.ToArray();

        var slopes = Enumerable.Range(0, gradient.Length).Select(i => (Objective(i, H) - Objective(i, -H)) / (2 * H)).ToArray();

        errors.Require("gradient", tensor(slopes, dtype: float64), tensor(gradient, dtype: float64), Approximate, least: 1e-4);
        Assert.Contains(gradient, g => Math.Abs(g) > 1e-6);

        double Objective(int i, double by)
        {
            var values = teacher.Values.ToArray();
            values[i] += by;
            return judged.Differentiate(new ParameterSet(teacher.Layout, values), 1).Objective;
        }

        RecordedExperiment Recorded(Recording? notes, IReadOnlyList<Tensor>? frozen, ITrajectoryPolicy? policy = null) => new(make())
        {
            Data = data,
            Steps = Steps,
            BatchSize = 9,
            LearningRate = 0.1,
            Optimizer = optimizer,
            StateInterval = 3,
            DType = float64,
            Recording = notes,
            Frozen = frozen,
            Policy = policy,
        };
    }

    /// <summary>Clouds around a unit vector for each class.</summary>
    private static DataSplit Examples(long[] shape)
    {
        using var generator = new Generator(3);
        var size = shape.Aggregate(1L, (n, d) => n * d);
        var labels = arange(60).remainder(4);
        var inputs = randn(60, size, dtype: float64, generator: generator) + (1.2 * eye(size, dtype: float64).index_select(0, labels));
        return DataSplit.InOrder(new LabelledData(inputs.view([60, .. shape]), labels, 4), 30, 20, 10);
    }

    private static ITensorModule Student(string name) => name switch
    {
        nameof(NormStack) => new NormStack(3),
        nameof(WideNetwork) => new WideNetwork(),
        nameof(ResNet) => new ResNet(2, 1, 4),
        nameof(WideResNet) => new WideResNet(2, 1, 4),
        nameof(DenseStack) => new DenseStack(3, 2, 0),
        nameof(DenseStack) + WithDropout => new DenseStack(3, 2, 0.4),
        nameof(DenseNet) => new DenseNet(3, 1, 4),
        nameof(DenseNet) + WithDropout => new DenseNet(2, 1, 4, 0.3),
        _ => new NormNetwork(),
    };

    private static EagerNorm Eager(PairPoint point, bool training)
    {
        EagerMode.Use(point.Student, training);
        Tensor[] leaves = [.. point.W.Tensors.Select((t, i) => point.W.Layout[i].IsBuffer ? t.clone() : t.clone().requires_grad_())];
        var (result, value) = EagerRun.Apply(point.Student, leaves, point.Objective, point.Phi.Tensors, point.X, point.Y);
        return new(
            result, value, [.. leaves.Where((_, i) => !point.W.Layout[i].IsBuffer)], [.. leaves.Where((_, i) => point.W.Layout[i].IsBuffer)]);
    }

    private sealed class EagerNorm
    {
        private readonly Tensor[] _first;

        public EagerNorm(Tensor output, Tensor value, Tensor[] w, Tensor[] buffers)
        {
            (Output, Value, W, Buffers) = (output, value, w, buffers);
            _first = Autograd.Gradients(value, w, createGraph: true, retainGraph: true);
        }

        public Tensor Output { get; }

        public Tensor Value { get; }

        public Tensor[] W { get; }

        public Tensor[] Buffers { get; }

        public Tensor Gradient => Oracle.Flat(_first);

        public Tensor Product(TensorBlock direction)
        {
            var along = _first.Select((g, i) => (g * direction[i]).sum(dim: [])).Aggregate((a, b) => a + b);
            return Oracle.Flat(Autograd.Gradients(along, W));
        }
    }
}
