using L2T.Dsl.Data;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>
/// Whole episodes through generated kernels: against the same experiment with hand-written kernels over autograd, which
/// <see cref="TeacherGradientTests"/> holds to an unrolled training, and against central differences.
/// </summary>
public sealed class GeneratedTeachingTests
{
    private const int Episode = 3;

    private static readonly DataSplit Data = EagerExperiment.Split();

    public static TheoryData<StudentOptimizer> Kinds => new(StudentOptimizer.Sgd, StudentOptimizer.Momentum);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_teachers_gradient_is_that_of_autograd(StudentOptimizer kind)
    {
        var expected = Eager(kind);
        var teacher = expected.InitialTeacher();

        var actual = Generated(kind).Differentiate(teacher, Episode);

        var reference = expected.Differentiate(teacher, Episode);
        var gradient = reference.Gradient.Values.ToArray();
        var scale = gradient.Max(Math.Abs);
        Assert.Equal(reference.Objective, actual.Objective, 1e-12);
        Assert.All(actual.Gradient.Values.ToArray().Zip(gradient), pair =>
            Assert.InRange(pair.First - pair.Second, -1e-10 * scale, 1e-10 * scale));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_teachers_gradient_agrees_with_central_differences_of_the_whole_episode(StudentOptimizer kind)
    {
        LossTeacherExperiment experiment = kind == StudentOptimizer.Sgd
            ? new StepwiseSgdClouds { Data = Data, Steps = 12, BatchSize = 5, LearningRate = 0.7, StateInterval = 2, DType = float64 }
            : new StepwiseMomentumClouds { Data = Data, Steps = 12, BatchSize = 5, LearningRate = 0.2, StateInterval = 2, DType = float64 };
        var teacher = experiment.InitialTeacher();

        var gradient = experiment.Differentiate(teacher, Episode).Gradient.Values.ToArray();

        const double h = 1e-5;
        var scale = gradient.Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
        {
            var slope = (At(i, h) - At(i, -h)) / (2 * h);
            Assert.InRange(gradient[i] - slope, -1e-6 * scale, 1e-6 * scale);
        }

        double At(int index, double by)
        {
            var values = teacher.Values.ToArray();
            values[index] += by;
            return experiment.Differentiate(new ParameterSet(teacher.Layout, values), Episode).Objective;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_tensor_of_the_teacher_moves_within_two_episodes(StudentOptimizer kind)
    {
        var experiment = Generated(kind, episodes: 2);
        var start = experiment.InitialTeacher();

        var learned = experiment.Teach();

        foreach (var slot in start.Layout)
            Assert.DoesNotContain(0, start[slot.Name].ToArray().Zip(learned.Parameters[slot.Name].ToArray(), (a, b) => a - b));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_bits(StudentOptimizer kind)
    {
        var first = Generated(kind).Teach();
        var again = Generated(kind).Teach();

        Assert.Equal(first.Parameters, again.Parameters);
        Assert.Equal(first.History.Select(record => record.Metric), again.History.Select(record => record.Metric));
        Assert.Equal(Generated(kind).Train(first, 1).Weights, Generated(kind).Train(again, 1).Weights);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_number_of_live_tensors_is_the_same_after_every_episode(StudentOptimizer kind)
    {
        var live = new List<long>();
        var experiment = Generated(kind);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        experiment.Teach(new Reports<TeachingProgress>(_ => live.Add(Tensor.TotalCount)));

        Assert.Single(live.Distinct());
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Memory_does_not_grow_over_fifty_episodes()
    {
        var resident = new List<long>();
        var experiment = new SgdClouds { Data = Data, Steps = 100, BatchSize = 5, Episodes = 60 };

        experiment.Teach(new Reports<TeachingProgress>(_ =>
        {
            GC.Collect();
            resident.Add(Environment.WorkingSet);
        }));

        // After ten episodes of warming up; a leak of 4 KiB a step would be 20 MiB.
        Assert.InRange(resident[^1] - resident[9], long.MinValue, 8 << 20);
    }

    [Fact]
    public void Labels_beyond_the_students_outputs_never_reach_a_kernel()
    {
        using var inputs = ones(20, EagerExperiment.Inputs, float64);
        using var labels = full(20, 49, int64);
        using var wide = new LabelledData(inputs, labels, 50);
        var experiment = new SgdClouds { Data = DataSplit.InOrder(wide, 10, 5, 5), BatchSize = 5, DType = float64 };

        Assert.Contains("50 classes", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    // Both with every variant that changes the gradient.
    private static LossTeacherExperiment Generated(StudentOptimizer kind, int episodes = 4) => kind == StudentOptimizer.Sgd
        ? new SgdClouds
        {
            Data = Data,
            Steps = 6,
            BatchSize = 5,
            LearningRate = 0.7,
            StateInterval = 2,
            Episodes = episodes,
            TeacherLearningRate = 0.02,
            DType = float64,
            CoefficientDecay = 0.3,
            GradientScale = 2.5,
            EvaluationBatchSize = 5,
            MetricExamples = 12,
            SplitPerEpisode = true,
        }
        : new MomentumClouds
        {
            Data = Data,
            Steps = 6,
            BatchSize = 5,
            LearningRate = 0.7,
            StateInterval = 2,
            Episodes = episodes,
            TeacherLearningRate = 0.02,
            DType = float64,
            CoefficientDecay = 0.3,
            GradientScale = 2.5,
            EvaluationBatchSize = 5,
            MetricExamples = 12,
            SplitPerEpisode = true,
        };

    private static EagerExperiment Eager(StudentOptimizer kind) => new()
    {
        Data = Data,
        Kind = kind,
        SeesTrainLoss = true,
        CoefficientDecay = 0.3,
        GradientScale = 2.5,
        EvaluationBatchSize = 5,
        MetricExamples = 12,
        SplitPerEpisode = true,
        RateFactor = step => 1.0 / (1 + step),
    };
}
