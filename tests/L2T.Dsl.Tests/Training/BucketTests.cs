using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Losses;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>
/// Trainings whose batches are of several shapes. That their gradients are right is held by the cases of <see cref="EpisodeUnrollTests"/>; here, that whatever
/// surrounds a training does with several shapes what it does with one.
/// </summary>
public sealed class BucketTests : IDisposable
{
    private const int Words = 9;
    private const int SourceLength = 6;
    private const int TargetLength = 5;
    private const int Episode = 1;

    private static readonly DataSplit Data = new Sentences(Words, Words, SourceLength, TargetLength).Split(60, 37, 11);

    private static readonly AdamOptions Adam = new() { Epsilon = 1e-3, AverageDecay = 0.6 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Exact => [.. Policies.Keys];

    private static Dictionary<string, Func<string, ITrajectoryPolicy>> Policies { get; } = new()
    {
        [nameof(TrajectoryPolicy.KeepOnDisk)] = folder => new KeepOnDiskTrajectory(folder),
        [nameof(TrajectoryPolicy.SquareRoot)] = _ => new SquareRootTrajectory(),
        [nameof(TrajectoryPolicy.Revolve)] = _ => new RevolveTrajectory(3),
        ["Truncated to all"] = _ => new TruncatedTrajectory(100),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Exact))]
    public void Every_exact_policy_gives_the_same_bits(string policy)
    {
        using var scope = NewDisposeScope();
        var (kept, other) = (Recorded(new KeepAllTrajectory()), Recorded(Policies[policy](Path.GetTempPath())));
        var teacher = kept.InitialTeacher();

        var expected = kept.Differentiate(teacher, Episode);

        Assert.Contains(expected.Gradient.Values.ToArray(), value => value != 0);
        Assert.Equal(expected, other.Differentiate(teacher, Episode));
    }

    [Fact]
    public void Steps_are_undone_exactly()
    {
        using var scope = NewDisposeScope();
        var momentum = new SgdOptions { Momentum = 0.9 };
        var (kept, undone) = (Recorded(new KeepAllTrajectory(), momentum), Recorded(new ReversalTrajectory(), momentum));
        var teacher = kept.InitialTeacher();

        // Its loss is compared with that of the way forward, bit by bit, at every step.
        var actual = undone.Differentiate(teacher, Episode);

        var expected = kept.Differentiate(teacher, Episode);
        Assert.Equal(expected.Objective, actual.Objective, 1e-6);
        foreach (var (one, another) in expected.Gradient.Values.ToArray().Zip(actual.Gradient.Values.ToArray()))
            Assert.Equal(one, another, 1e-6);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_going_on_changes_none()
    {
        using var scope = NewDisposeScope();
        var whole = Experiment(4).Teach();

        Assert.Equal(whole.Parameters, Experiment(4).Teach().Parameters);
        Assert.Equal(whole.Parameters, Experiment(4).Resume(Experiment(2).Teach()).Parameters);
        Assert.NotEqual(whole.Parameters, Experiment(4, seed: 1).Teach().Parameters);
        var otherwise = Experiment(4, buckets: [Bucket(3, 3, 8)]);
        Assert.Contains("Buckets was 8 of 0..3, 6..9 with 0..3; 5 of 0..4, 6..11 with 0..5", Assert.Throws<L2TException>(() => otherwise.Resume(whole)).Message);

        static LstmExperiment Experiment(int episodes, int seed = 0, IReadOnlyList<Bucket>? buckets = null) => new()
        {
            Student = Student(SourceLength, TargetLength, dropout: 0.3),
            Data = Data,
            Buckets = buckets ?? Buckets(dropout: 0.3),
            Steps = 9,
            BatchSize = 7,
            WarmStartSteps = 6,
            SplitPerEpisode = true,
            MetricExamples = 20,
            EvaluationBatchSize = 8,
            StateInterval = 4,
            Episodes = episodes,
            Optimizer = Adam,
            LearningRate = 0.02,
            TeacherLearningRate = 0.02,
            Seed = seed,
        };
    }

    [Fact]
    public void A_training_that_is_stopped_goes_on_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var experiment = new LstmExperiment
        {
            Student = Student(SourceLength, TargetLength, dropout: 0.3), Data = Data, Buckets = Buckets(dropout: 0.3), Steps = 20, BatchSize = 7, StateInterval = 3, CheckpointSteps = 3, Optimizer = Adam, LearningRate = 0.02,
        };
        var whole = experiment.Train(nameof(TokenCrossEntropy), 3);
        foreach (var stop in new[] { 3, 9, 15 })
        {
            using var cancellation = new CancellationTokenSource();
            var path = _folder[$"student {stop}"];
            var first = -1;
            Assert.Throws<OperationCanceledException>(() => experiment.Train(
                nameof(TokenCrossEntropy), 3, progress: new Reports<TrainingPoint>(point => CancelAt(point.Step)), checkpointPath: path, cancellation: cancellation.Token));

            var student = experiment.Train(nameof(TokenCrossEntropy), 3, progress: new Reports<TrainingPoint>(point => first = first < 0 ? point.Step : first), checkpointPath: path);

            Assert.Equal(stop, first);
            Assert.Equal(whole.Weights, student.Weights);
            Assert.Equal(whole.Curve, student.Curve);

            void CancelAt(int step)
            {
                if (step == stop)
                    cancellation.Cancel();
            }
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(8)]
    public void Figures_are_those_of_the_same_examples_in_one_shape(int evaluated)
    {
        using var scope = NewDisposeScope();
        var (cut, whole) = (Experiment([]), Experiment(Buckets()));
        var teacher = cut.InitialTeacher();
        var student = cut.Train(nameof(TokenCrossEntropy), 3);

        Assert.Equal(cut.Evaluate(student, Data.Dev).Errors, whole.Evaluate(student, Data.Dev).Errors);
        Assert.Equal(cut.Evaluate(student, Data.Dev).Examples, whole.Evaluate(student, Data.Dev).Examples);
        // At a rate of 0 both are at their start, which is the same.
        Assert.Equal(cut.Differentiate(teacher, 0).Objective, whole.Differentiate(teacher, 0).Objective, 1e-12);
        // Different batches, though.
        Assert.NotEqual(cut.Train(nameof(TokenCrossEntropy), 3, 0.1).Weights, whole.Train(nameof(TokenCrossEntropy), 3, 0.1).Weights);

        LstmExperiment Experiment(IReadOnlyList<Bucket> buckets) => new()
        {
            Student = Student(SourceLength, TargetLength),
            Data = Data,
            Buckets = buckets,
            Steps = 4,
            BatchSize = 7,
            LearningRate = 0,
            EvaluationBatchSize = evaluated,
            MetricExamples = 29,
            SplitPerEpisode = true,
            DType = float64,
        };
    }

    [Fact]
    public void The_gradient_of_a_step_ahead_is_that_of_a_training_of_one_step()
    {
        using var scope = NewDisposeScope();
        var ahead = Experiment(lookAhead: true);
        var alone = Experiment(lookAhead: false);
        for (var seed = 0; seed < 6; seed++)
            Assert.Equal(Experiment(false, seed).Teach().Parameters, Experiment(true, seed).Teach().Parameters);
        Assert.NotEqual(ahead.InitialTeacher(), ahead.Teach().Parameters);
        Assert.NotEqual(alone.Teach().Parameters, Experiment(false, 1).Teach().Parameters);

        static LstmExperiment Experiment(bool lookAhead, int seed = 0) => new()
        {
            Student = Student(SourceLength, TargetLength), Data = Data, Buckets = Buckets(), Steps = 1, BatchSize = 7, Episodes = 1, LearningRate = 0.1, LookAhead = lookAhead, Seed = seed,
        };
    }

    [Fact]
    public void Episodes_leave_no_tensor_and_no_memory()
    {
        using var scope = NewDisposeScope();
        var experiment = new LstmExperiment
        {
            Student = Student(SourceLength, TargetLength, dropout: 0.3), Data = Data, Buckets = Buckets(dropout: 0.3), Steps = 12, BatchSize = 7, Episodes = 70, Optimizer = Adam, LearningRate = 0.02, SplitPerEpisode = true, EvaluationBatchSize = 8,
        };
        var live = new List<long>();
        var held = new List<long>();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        experiment.Teach(new Reports<TeachingProgress>(_ =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            live.Add(Tensor.TotalCount);
            held.Add(NativeHeap.BytesInUse);
        }));

        Assert.Equal(70, live.Count);
        Assert.True(live.Distinct().Count() == 1, string.Join(" ", live));
        // A leak of 4 KiB a step would be 480 KiB in ten episodes.
        Assert.InRange(NativeHeap.SteadyGrowth(held), long.MinValue, 1 << 17);
    }

    [Fact]
    public void The_plan_is_what_is_held()
    {
        const int words = 2000, width = 128, trials = 10;
        using var scope = NewDisposeScope();
        var experiment = new LstmExperiment
        {
            Student = new LstmTranslator(words, words, SourceLength, TargetLength, width),
            Data = new Sentences(words, words, SourceLength, TargetLength).Split(120, 60, 5),
            Buckets =
            [
                new(new LstmTranslator(words, words, 3, 3, width), 8, [0..3, 6..9], [0..3]),
                new(new LstmTranslator(words, words, 4, 5, width), 9, [0..4, 6..11], [0..5]),
            ],
            Steps = 12,
            BatchSize = 7,
            Episodes = 2,
            LearningRate = 0.01,
            EvaluationBatchSize = 16,
        };
        var plan = experiment.PlanMemory();
        experiment.Teach();
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Tensors as such, their shapes and strides, come on top; what the runtime takes of the same heap for code does so in some of the trials.
        var peak = long.MaxValue;
        for (var trial = 0; trial < trials && peak > 1.05 * plan.Bytes; trial++)
        {
            var before = NativeHeap.BytesInUse;
            peak = Math.Min(peak, NativeHeap.SampledPeak(() => experiment.Teach()) - before);
        }
        Assert.InRange((double)peak / plan.Bytes, 0.9, 1.05);
    }

    [Fact]
    public void What_cannot_be_cut_is_said()
    {
        using var scope = NewDisposeScope();
        Says("no student", Refused(Bucket(3, 3, 8) with { Student = new TransformerTranslator(Words, Words, 3, 3, 1, 4, 4, 1) }), "is not the student of LstmExperiment. Give a LstmTranslator");
        Says("other parameters", Refused(Bucket(3, 3, 8) with { Student = new LstmTranslator(Words, Words, 3, 3, width: 5, layers: 1) }), "other parameters");
        Says("other places", Refused(Bucket(3, 3, 8) with { Labels = [0..2] }), "keeps 6 places of an input and 2 of its labels; its LstmTranslator takes 6 and answers 3");
        Says("places outside", Refused(Bucket(3, 3, 8) with { Inputs = [0..12] }), "keeps the places 0..12 of rows of 11");
        Says("no batch", Refused(Bucket(3, 3, 0)), "BatchSize of bucket 0 is 0");
        Says("nothing", Refused(null), "Buckets is null");
        Says("batches too large", Refused(Bucket(3, 3, 60), 60), "No bucket fills a batch");
        using var bare = new LabelledData(Data.Train.Inputs, Data.Train.Labels, Words);
        Says("no padding", Refused(Bucket(3, 3, 8), data: new(bare, bare, bare)), "padding none");

        void Says(string what, L2TException fault, string text) => Assert.True(fault.Message.Contains(text, StringComparison.Ordinal), $"{what}: {fault.Message}");

        static L2TException Refused(Bucket? bucket, int batch = 7, DataSplit? data = null) => Assert.Throws<L2TException>(() => new LstmExperiment
        {
            Student = Student(SourceLength, TargetLength), Data = data ?? Data, Buckets = bucket is null ? null! : [bucket], Steps = 2, BatchSize = batch,
        }.Train(nameof(TokenCrossEntropy), 1));
    }

    private static RecordedExperiment Recorded(ITrajectoryPolicy policy, OptimizerOptions? optimizer = null) =>
        new(new LstmExperiment { Student = Student(SourceLength, TargetLength, dropout: optimizer is null ? 0.3 : 0) })
        {
            Data = Data,
            Buckets = Buckets(dropout: optimizer is null ? 0.3 : 0),
            Steps = 14,
            BatchSize = 7,
            LearningRate = optimizer is null ? 0.02 : 0.05,
            Optimizer = optimizer ?? Adam,
            StateInterval = 4,
            VerifyReplay = true,
            Policy = policy,
            DType = float64,
        };

    private static LstmTranslator Student(int sourceLength, int targetLength, double dropout = 0) => new(Words, Words, sourceLength, targetLength, width: 3, layers: 1, dropout);

    private static Bucket Bucket(int sourceLength, int targetLength, int batchSize, double dropout = 0) =>
        new(Student(sourceLength, targetLength, dropout), batchSize, [0..sourceLength, SourceLength..(SourceLength + targetLength)], [0..targetLength]);

    private static Bucket[] Buckets(double dropout = 0) => [Bucket(3, 3, 8, dropout), Bucket(4, 5, 5, dropout)];
}
