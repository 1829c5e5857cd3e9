using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Kernels;
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
    private const double Limit = 0.3;

    private static readonly DataSplit Data = EagerExperiment.Split();

    public static TheoryData<string> Names => [.. OptimizerCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_teachers_gradient_is_that_of_autograd(string optimizer)
    {
        var expected = Eager(optimizer);
        var teacher = expected.InitialTeacher();

        var actual = Generated(optimizer).Differentiate(teacher, Episode);

        var reference = expected.Differentiate(teacher, Episode);
        var gradient = reference.Gradient.Values.ToArray();
        var scale = gradient.Max(Math.Abs);
        Assert.Equal(reference.Objective, actual.Objective, 1e-12);
        Assert.All(actual.Gradient.Values.ToArray().Zip(gradient), pair =>
            Assert.InRange(pair.First - pair.Second, -1e-10 * scale, 1e-10 * scale));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_teachers_gradient_agrees_with_central_differences_of_the_whole_episode(string optimizer)
    {
        var chosen = OptimizerCases.Get(optimizer, Limit);
        var experiment = Experiment(null);
        var judged = Experiment(ObjectiveOnly.Trajectory);
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
            return judged.Differentiate(new ParameterSet(teacher.Layout, values), Episode).Objective;
        }

        RecordedExperiment Experiment(ITrajectoryPolicy? policy) => new(new StepwiseClouds())
        {
            Data = Data,
            Steps = 12,
            BatchSize = 5,
            LearningRate = 0.7 * chosen.Rate,
            Schedule = chosen.Schedule,
            Optimizer = chosen.Options,
            StateInterval = 2,
            DType = float64,
            Policy = policy,
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_tensor_of_the_teacher_moves_within_two_episodes(string optimizer)
    {
        var experiment = Generated(optimizer, episodes: 2);
        var start = experiment.InitialTeacher();

        var learned = experiment.Teach();

        foreach (var slot in start.Layout)
        {
            var moves = start[slot.Name].ToArray().Zip(learned.Parameters[slot.Name].ToArray(), (a, b) => a - b).ToList();
            // The precision of a class that is never the answer is 0, and teaches its attention nothing.
            if (slot.Name == "Attention")
                Assert.Contains(moves, move => move != 0);
            else
                Assert.DoesNotContain(0, moves);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_bits(string optimizer)
    {
        var first = Generated(optimizer).Teach();
        var again = Generated(optimizer).Teach();

        Assert.Equal(first.Parameters, again.Parameters);
        Assert.Equal(first.History.Select(record => record.Metric), again.History.Select(record => record.Metric));
        Assert.Equal(Generated(optimizer).Train(first, 1).Weights, Generated(optimizer).Train(again, 1).Weights);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_live_tensors_is_the_same_after_every_episode(string optimizer)
    {
        var live = new List<long>();
        var experiment = Generated(optimizer);
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
        var inUse = new List<long>();
        var experiment = new Clouds { Data = Data, Steps = 100, BatchSize = 5, Episodes = 60 };

        experiment.Teach(new Reports<TeachingProgress>(_ =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            inUse.Add(NativeHeap.BytesInUse);
        }));

        // A leak of 4 KiB a step would be 4 MiB in ten episodes.
        Assert.InRange(NativeHeap.SteadyGrowth(inUse), long.MinValue, 1 << 18);
    }

    [Fact]
    public void Labels_beyond_the_students_outputs_never_reach_a_kernel()
    {
        using var inputs = ones(20, EagerExperiment.Inputs, float64);
        using var labels = full(20, 49, int64);
        using var wide = new LabelledData(inputs, labels, 50);
        var experiment = new Clouds { Data = DataSplit.InOrder(wide, 10, 5, 5), BatchSize = 5, DType = float64 };

        Assert.Contains("50 classes", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void Data_that_does_not_fit_the_student_is_named_before_anything_runs()
    {
        using var inputs = ones(20, 7, float64);
        using var labels = zeros(20, int64);
        using var wide = new LabelledData(inputs, labels, EagerExperiment.Classes, "wide.csv");
        var experiment = new Clouds { Data = DataSplit.InOrder(wide, 10, 5, 5), BatchSize = 5 };

        Assert.Contains("The data 'wide.csv' has inputs [7]; CloudStudent takes [4].", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void A_kernel_that_fails_says_which_it_is()
    {
        var experiment = new Clouds();
        using var w = new TensorBlock(experiment.Get<IReadOnlyList<TensorSlot>>("StudentLayout"), float32, CPU);
        using var phi = new TensorBlock(experiment.Get<IReadOnlyList<TensorSlot>>("CoefficientLayout"), float32, CPU);
        using var kernel = experiment.Call<GradientKernel>("CreateLoss", w, phi, w, 5L);
        using var inputs = ones(5, EagerExperiment.Inputs);
        using var labels = full(5, 7, int64);

        var fault = Assert.Throws<L2TException>(() => kernel.Run(inputs, labels, 1));

        Assert.Matches(@"Clouds\.LossKernel failed: .*index 7 is out of bounds.*labels and indices", fault.Message);
        Assert.NotNull(fault.InnerException);
    }

    [Fact]
    public void A_trained_student_runs_in_an_instance_of_its_class()
    {
        var experiment = new Clouds { Data = Data, Steps = 6, BatchSize = 5, DType = float64 };
        var student = experiment.Train(experiment.Teach(), 1);
        using var scope = NewDisposeScope();
        var net = new CloudStudent();

        using var weights = student.CopyTo(net, float64);

        Assert.True(net.Forward(Data.Test.Inputs).allclose(experiment.Predict(student, Data.Test.Inputs), 1e-12, 1e-12));
        Assert.Throws<L2TException>(() => student.CopyTo(new CloudLoss()));
    }

    [Fact]
    public void The_modules_that_decide_a_teaching_are_told_apart()
    {
        var programs = new Clouds().Get<IReadOnlyDictionary<string, string>>("Programs");

        Assert.Equal(new[] { typeof(CloudLoss), typeof(CloudMetric), typeof(CloudStudent), typeof(CloudTeacher) }.Select(t => t.FullName), programs.Keys);
        Assert.Equal(4, programs.Values.Distinct().Count());
    }

    // Both with every variant that changes the gradient.
    private static Clouds Generated(string optimizer, int episodes = 4)
    {
        var chosen = OptimizerCases.Get(optimizer, Limit);
        return new Clouds
        {
            Data = Data,
            Steps = 6,
            BatchSize = 5,
            LearningRate = 0.7 * chosen.Rate,
            Schedule = chosen.Schedule,
            Optimizer = chosen.Options,
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
    }

    private static EagerExperiment Eager(string optimizer)
    {
        var chosen = OptimizerCases.Get(optimizer, Limit);
        return new EagerExperiment
        {
            Data = Data,
            LearningRate = 0.7 * chosen.Rate,
            Schedule = chosen.Schedule,
            Optimizer = chosen.Options,
            SeesTrainLoss = true,
            CoefficientDecay = 0.3,
            GradientScale = 2.5,
            EvaluationBatchSize = 5,
            MetricExamples = 12,
            SplitPerEpisode = true,
        };
    }
}
