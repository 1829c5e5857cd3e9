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
/// The teacher's gradient through whole trainings on small batches, for students and teachers of every kind: against
/// autograd through the unrolled bodies, and against central differences of the whole episode, in float64.
/// </summary>
public sealed class EpisodeUnrollTests(ITestOutputHelper output)
{
    private const int Steps = 7;
    private const int Episode = 2;

    private static readonly Dictionary<string, EpisodeCase> Cases = new()
    {
        ["regression"] = new(() => new RegressionExperiment(), () => new BilinearLoss(4), () => new ExpectedAccuracy(), () => null),
        ["wide perceptron that is seen"] = new(() => new SeeingExperiment { Student = new Perceptron(40) }, () => new BilinearLoss(4), () => new SmoothAccuracy(), () => null),
        ["skip, momentum"] = new(() => new SkipExperiment(), () => new MixedLoss(4), () => new ExpectedAccuracy(), () => null) { LearningRate = 0.05, Optimizer = new SgdOptions { Momentum = 0.9 } },
        ["skip, Adam, clipping, average"] = new(() => new SkipExperiment(), () => new MixedLoss(4), () => new ExpectedAccuracy(), () => null)
        {
            LearningRate = 0.02,
            Optimizer = new AdamOptions { WeightDecay = 0.01, ClipNorm = 3.9, AverageDecay = 0.7, Epsilon = 1e-3 },
        },
        ["wide perceptron, AdamW"] = new(() => new PerceptronExperiment { Student = new Perceptron(40) }, () => new BilinearLoss(4), () => new SmoothAccuracy(), () => null)
        {
            LearningRate = 0.02,
            Optimizer = new AdamWOptions { Epsilon = 1e-3 },
        },
        ["wide perceptron, Nesterov, clipping"] = new(() => new PerceptronExperiment { Student = new Perceptron(40) }, () => new BilinearLoss(4), () => new SmoothAccuracy(), () => null)
        {
            LearningRate = 0.1,
            Optimizer = new SgdOptions { Momentum = 0.8, Nesterov = true, ClipNorm = 0.325 },
        },
        ["skip, mixed with cross-entropy, momentum"] = new(() => new SharedExperiment(), () => new MixedLoss(4), () => new ExpectedAccuracy(), () => null)
        {
            LearningRate = 0.05,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            CrossEntropyShare = 0.3,
        },
        ["tied"] = new(() => new TiedExperiment(), () => new MixedLoss(4), () => new SmoothAccuracy(), () => null),
        ["residual stack, Adam"] = new(() => new ResidualStackExperiment { Student = new ResidualStack(4) }, () => new BilinearLoss(4), () => new SmoothAccuracy(), () => null)
        {
            LearningRate = 0.02,
            Optimizer = new AdamOptions { Epsilon = 1e-3 },
        },
        ["dense, momentum"] = new(() => new DenseExperiment(), () => new BilinearLoss(4), () => new SmoothAccuracy(), () => null) { Optimizer = new SgdOptions { Momentum = 0.9 } },
        ["recurrent, momentum"] = new(() => new RecurrentExperiment { Student = new RecurrentNetwork(3) }, () => new BilinearLoss(4), () => new ExpectedAccuracy(), () => null) { Optimizer = new SgdOptions { Momentum = 0.9 } },
        ["LSTM-1, sentences, momentum"] = new(
            () => new LstmExperiment { Student = new LstmTranslator(7, 6, 4, 5, width: 3, layers: 1, dropout: 0) },
            () => new DiagonalTokenLoss(6), () => new ExpectedTokenAccuracy(), () => null)
        {
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Sentences = new(7, 6, 4, 5),
        },
        ["LSTM-1, sentences in buckets, momentum"] = new(
            () => new LstmExperiment { Student = new LstmTranslator(7, 6, 4, 5, width: 3, layers: 1, dropout: 0) },
            () => new DiagonalTokenLoss(6), () => new ExpectedTokenAccuracy(), () => null)
        {
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Sentences = new(7, 6, 4, 5),
            Buckets =
            [
                new(new LstmTranslator(7, 6, 2, 3, width: 3, layers: 1, dropout: 0), 3, [0..2, 4..7], [0..3]),
                new(new LstmTranslator(7, 6, 3, 5, width: 3, layers: 1, dropout: 0), 4, [0..3, 4..9], [0..5]),
            ],
        },
        ["LSTM-2, sentences, Adam, average"] = new(
            () => new LstmExperiment { Student = new LstmTranslator(7, 6, 3, 4, width: 2, layers: 2, dropout: 0) },
            () => new DiagonalTokenLoss(6), () => new ExpectedTokenAccuracy(), () => null)
        {
            LearningRate = 0.05,
            Optimizer = new AdamOptions { Epsilon = 1e-3, AverageDecay = 0.7 },
            Sentences = new(7, 6, 3, 4),
        },
        ["Transformer, sentences, momentum"] = new(
            () => new TransformerExperiment { Student = new TransformerTranslator(7, 6, 4, 3, heads: 2, size: 2, inner: 3, layers: 1, dropout: 0) },
            () => new DiagonalTokenLoss(6), () => new ExpectedTokenAccuracy(), () => null)
        {
            LearningRate = 0.1,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Sentences = new(7, 6, 4, 3),
        },
        ["Transformer, sentences in buckets, Adam"] = new(
            () => new TransformerExperiment { Student = new TransformerTranslator(7, 6, 4, 4, heads: 2, size: 2, inner: 3, layers: 1, dropout: 0) },
            () => new DiagonalTokenLoss(6), () => new ExpectedTokenAccuracy(), () => null)
        {
            LearningRate = 0.02,
            Optimizer = new AdamOptions { Epsilon = 1e-3 },
            Sentences = new(7, 6, 4, 4),
            Buckets = [new(new TransformerTranslator(7, 6, 3, 3, heads: 2, size: 2, inner: 3, layers: 1, dropout: 0), 4, [0..3, 4..7], [0..3])],
        },
        ["fallback"] = new(() => new FallbackExperiment(), () => new BilinearLoss(4), () => new ExpectedAccuracy(), () => null),
        ["real targets, momentum"] = new(() => new CurveExperiment(), () => new PairLoss(), () => new NegativeSquaredError(), () => null) { Optimizer = new SgdOptions { Momentum = 0.9 }, LearningRate = 0.1 },
        ["real targets [N], AdamW"] = new(() => new LineExperiment(), () => new TiltedLoss(), () => new LineCloseness(), () => null) { Optimizer = new AdamWOptions { Epsilon = 1e-3 }, LearningRate = 0.02 },
        ["teacher with a body, momentum"] = new(() => new NetworkExperiment { Student = new Perceptron(5) }, () => new BilinearLoss(4), () => new ExpectedAccuracy(), () => new NetworkTeacher()) { Optimizer = new SgdOptions { Momentum = 0.9 } },
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_autograd_through_the_unrolled_bodies(string name)
    {
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        using var recording = new Recording();
        using var data = new Examples(name);
        var experiment = Recorded(name, data, recording);
        var teacher = experiment.InitialTeacher();

        var actual = experiment.Differentiate(teacher, Episode);

        var (objective, gradient) = Unroll(name, experiment, data, teacher, recording);
        Assert.Equal(1 + Cases[name].Buckets.Count, recording.Batches.Take(Steps).Select(batch => batch.X.shape[1]).Distinct().Count());
        Assert.InRange(recording.Batches.Count, Steps, 2 * Steps); // some gradients are taken again on the way back
        errors.Require("objective", objective, actual.Objective, 1e-12);
        errors.Require("gradient", gradient, tensor(actual.Gradient.Values.ToArray(), dtype: float64), 1e-10, least: 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_central_differences_of_the_whole_episode(string name)
    {
        const double H = 1e-5;
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        using var recording = new Recording();
        using var data = new Examples(name);
        var teacher = Recorded(name, data, recording).InitialTeacher();
        Recorded(name, data, recording).Differentiate(teacher, Episode);

        // The gradient takes the features for constants, so they are held.
        var experiment = Recorded(name, data, null, recording.States);
        var judged = Recorded(name, data, null, recording.States, ObjectiveOnly.Trajectory);
        var gradient = experiment.Differentiate(teacher, Episode).Gradient.Values.ToArray();

        var slopes = Enumerable.Range(0, gradient.Length).Select(i => (Objective(i, H) - Objective(i, -H)) / (2 * H)).ToArray();
        errors.Require("gradient", tensor(slopes, dtype: float64), tensor(gradient, dtype: float64), 1e-6, least: 1e-5);

        double Objective(int i, double by)
        {
            var values = teacher.Values.ToArray();
            values[i] += by;
            return judged.Differentiate(new ParameterSet(teacher.Layout, values), Episode).Objective;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_live_tensors_is_the_same_before_every_step(string name)
    {
        using var scope = NewDisposeScope();
        using var data = new Examples(name);
        var experiment = Recorded(name, data, null);
        var teacher = experiment.InitialTeacher();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        experiment.Differentiate(teacher, Episode);

        Assert.Equal(Steps, experiment.Live.Count);
        Assert.True(experiment.Live.Distinct().Count() == 1, string.Join(" ", experiment.Live));
    }

    [Fact]
    public void A_mixture_is_no_part_of_the_loss_form_as_a_fixed_loss()
    {
        using var scope = NewDisposeScope();
        using var data = new Examples();
        var mixed = new SharedExperiment { Data = data.Split, Steps = 3, BatchSize = 9, LearningRate = 0.1, DType = float64 };
        var plain = new SkipExperiment { Data = data.Split, Steps = 3, BatchSize = 9, LearningRate = 0.1, DType = float64 };
        var teacher = plain.InitialTeacher();

        Assert.Equal(plain.Train(nameof(MixedLoss), seed: 1).Weights, mixed.Train(nameof(MixedLoss), seed: 1).Weights);
        Assert.NotEqual(plain.Differentiate(teacher, 0).Objective, mixed.Differentiate(teacher, 0).Objective);
        Assert.Contains("CrossEntropyShare", mixed.Get<IReadOnlyDictionary<string, string>>("Programs").Keys);
    }

    private static RecordedExperiment Recorded(
        string name, Examples data, Recording? recording, IReadOnlyList<Tensor>? frozen = null, ITrajectoryPolicy? policy = null) =>
        new(Cases[name].Experiment())
        {
            Data = data.Split,
            Steps = Steps,
            BatchSize = 9,
            LearningRate = Cases[name].LearningRate,
            Optimizer = Cases[name].Optimizer,
            StateInterval = 3,
            DType = float64,
            Buckets = Cases[name].Buckets,
            Recording = recording,
            Frozen = frozen,
            Policy = policy,
        };

    private static (Tensor Objective, Tensor Gradient) Unroll(string name, RecordedExperiment experiment, Examples data, ParameterSet teacher, Recording recording)
    {
        var inner = Cases[name].Experiment();
        var student = inner.Get<ITensorModule>("Student");
        var optimizer = new UnrolledOptimizer(experiment.Optimizer);
        var (loss, metric, body) = (Cases[name].Loss(), Cases[name].Metric(), Cases[name].Teacher());
        Tensor[] theta = [.. teacher.Layout.Select(slot => tensor(teacher[slot.Name].ToArray(), dtype: float64).view(slot.Shape).requires_grad_())];
        var w = recording.Start!.clone().requires_grad_();
        for (var step = 0; step < Steps; step++)
        {
            var (x, y) = recording.Batches[step];
            var phi = EagerTeacher.Teach(inner, body, theta, recording.States[step]);
            var reader = Cases[name].Buckets.FirstOrDefault(bucket => bucket.Inputs.Sum(range => range.End.Value - range.Start.Value) == x.shape[1])?.Student ?? student;
            var (output, value) = EagerRun.Apply(reader, EagerFunctions.Split(w, student.Layout), loss, phi, x, y);
            var share = Cases[name].CrossEntropyShare;
            if (share > 0)
                value = share * nn.functional.cross_entropy(output, y) + (1 - share) * value;
            w = optimizer.Step(w, Autograd.Gradients(value, [w], createGraph: true)[0], step, tensor(experiment.LearningRate, float64));
        }

        if (double.IsFinite(experiment.Optimizer.ClipNorm))
        {
            var (norms, limit) = (optimizer.Norms, experiment.Optimizer.ClipNorm);
            Assert.True(norms.Min() < limit && limit < norms.Max(), string.Join(" ", norms));
        }

        var objective = EagerRun.Apply(student, EagerFunctions.Split(optimizer.Average ?? w, student.Layout), metric, [], data.Split.Dev.Inputs, data.Split.Dev.Labels).Value;
        return (objective.detach(), Oracle.Flat(Autograd.Gradients(objective, theta)));
    }

    private sealed record EpisodeCase(
        Func<LossTeacherExperiment> Experiment, Func<ITensorModule> Loss, Func<ITensorModule> Metric, Func<ITensorModule?> Teacher)
    {
        public double LearningRate { get; init; } = 0.4;

        public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

        public double CrossEntropyShare { get; init; }

        /// <summary>What the student translates; null where it does not.</summary>
        public Sentences? Sentences { get; init; }

        /// <summary>Sentences in batches that are cut.</summary>
        public IReadOnlyList<Bucket> Buckets { get; init; } = [];
    }

    /// <summary>Padded sentences for a student that translates; else four overlapping clouds, or, for targets of a shape, waves over what they are drawn from.</summary>
    private sealed class Examples : IDisposable
    {
        public Examples(string? name = null)
        {
            if (name is not null && Cases[name].Sentences is { } sentences)
            {
                Split = sentences.Split(30, 20, 10);
                return;
            }

            using var scope = NewDisposeScope();
            using var generator = new Generator(3);
            var labels = arange(60).remainder(4);
            var inputs = randn(60, 6, dtype: float64, generator: generator) + (1.2 * eye(6, dtype: float64).index_select(0, labels));
            var targets = name is null ? null : Cases[name].Experiment().Call<StudentSignature>("Signature", 60L).RealTargets;
            using var all = targets is null
                ? new LabelledData(inputs, labels, 4)
                : new LabelledData(inputs, inputs.narrow(1, 0, targets.Length == 1 ? 1 : targets[1]).cos().reshape(targets));
            Split = DataSplit.InOrder(all, 30, 20, 10);
        }

        public DataSplit Split { get; }

        public void Dispose()
        {
            Split.Train.Dispose();
            Split.Dev.Dispose();
            Split.Test.Dispose();
        }
    }
}
