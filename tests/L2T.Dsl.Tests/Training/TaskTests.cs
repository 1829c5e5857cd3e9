using L2T.Dsl.Data;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>Teachings whose students have tasks of their own.</summary>
public sealed class TaskTests
{
    [Fact]
    public void An_episode_is_that_of_the_task_as_the_experiments_data()
    {
        using var scope = NewDisposeScope();
        var tasks = new Planes(40, 20);
        var experiment = Experiment(tasks);
        var teacher = experiment.InitialTeacher();

        var drawn = experiment.Differentiate(teacher, 3);

        var (train, dev) = new Planes(40, 20).Draw(Assert.Single(tasks.Seeds));
        var alone = Experiment(null, new DataSplit(train, dev, dev)).Differentiate(teacher, 3);
        Assert.Equal(alone.Objective, drawn.Objective);
        Assert.Equal(alone.Gradient, drawn.Gradient);
        Assert.NotEqual(Experiment(null).Differentiate(teacher, 3).Objective, drawn.Objective);
    }

    [Fact]
    public void Every_student_has_a_task_of_its_own_and_going_on_draws_the_same()
    {
        using var scope = NewDisposeScope();
        var tasks = new Planes(40, 20);
        var whole = Experiment(tasks, episodes: 3, rollouts: 2).Teach();

        Assert.Equal(6, tasks.Seeds.Distinct().Count());
        var again = new Planes(40, 20);
        var first = Experiment(again, episodes: 1, rollouts: 2).Teach();
        var resumed = Experiment(again, episodes: 3, rollouts: 2).Resume(first);
        Assert.Equal(tasks.Seeds, again.Seeds);
        Assert.Equal(whole.Parameters, resumed.Parameters);
        Assert.Contains("Tasks was", Assert.Throws<L2TException>(() => Experiment(new Planes(40, 20, Noise: 1), episodes: 3, rollouts: 2).Resume(first)).Message);
        Assert.Contains("Tasks was", Assert.Throws<L2TException>(() => Experiment(null, episodes: 3, rollouts: 2).Resume(first)).Message);
    }

    [Fact]
    public void A_warm_start_that_is_the_same_for_all_is_taken_on_each_task()
    {
        using var scope = NewDisposeScope();
        var tasks = new Planes(40, 20);
        var experiment = Warm(tasks);
        var teacher = experiment.InitialTeacher();

        // Two tasks from one start: were the steps of the first kept for the second, the mean would be another.
        var both = experiment.Differentiate(teacher, 0).Objective;

        var split = tasks.Seeds.Select((seed, rollout) =>
        {
            var (train, dev) = new Planes(40, 20).Draw(seed);
            return new DataSplit(train, dev, dev);
        }).ToArray();
        var first = Warm(null, split[0]).Differentiate(teacher, 0).Objective;
        Assert.NotEqual(first, both);
        Assert.Equal(2, split.Length);
        // The second student of the mean alone: the mean of both on its task, less what the first would be there.
        Assert.Equal(both, (first + Second(split[1], teacher)) / 2, 1e-12);

        static double Second(DataSplit data, ParameterSet teacher)
        {
            var (mean, one) = (Warm(null, data).Differentiate(teacher, 0).Objective, Warm(null, data, rollouts: 1).Differentiate(teacher, 0).Objective);
            return (2 * mean) - one;
        }

        static CurveExperiment Warm(TaskDistribution? tasks, DataSplit? data = null, int rollouts = 2) => new()
        {
            Data = data ?? Data(), Tasks = tasks, Steps = 3, BatchSize = 40, LearningRate = 0.1, FixedStart = true, WarmStartSteps = 4, RolloutsPerUpdate = rollouts, DType = float64,
        };
    }

    [Fact]
    public void Tasks_of_other_sizes_and_held_out_examples_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("drew 39 training and 20 development examples, but Data has 40 and 20", Assert.Throws<L2TException>(() => Experiment(new Planes(39, 20)).Teach()).Message);
        var (train, dev) = new Planes(40, 20).Draw(1);
        Assert.Contains("of one task", Assert.Throws<L2TException>(() => Experiment(new Planes(40, 20), new DataSplit(train, dev, dev, dev)).Teach()).Message);
    }

    [Fact]
    public void Tasks_leave_no_tensor()
    {
        using var scope = NewDisposeScope();
        var experiment = Experiment(new Planes(40, 20), episodes: 3);
        var live = new List<long>();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        experiment.Teach(new Reports<TeachingProgress>(_ => live.Add(Tensor.TotalCount)));

        Assert.Single(live.Distinct());
    }

    private static CurveExperiment Experiment(TaskDistribution? tasks, DataSplit? data = null, int episodes = 2, int rollouts = 1) => new()
    {
        Data = data ?? Data(),
        Tasks = tasks,
        Steps = 6,
        BatchSize = 8,
        LearningRate = 0.1,
        Episodes = episodes,
        RolloutsPerUpdate = rollouts,
        DType = float64,
    };

    private static DataSplit Data()
    {
        var (train, dev) = new Planes(40, 20).Draw(0);
        return new DataSplit(train, dev, dev);
    }

    /// <summary>Linear maps drawn at random.</summary>
    private sealed record Planes(int Train, int Dev, double Noise = 0) : TaskDistribution
    {
        private readonly List<ulong> _seeds = [];

        public IReadOnlyList<ulong> Seeds => _seeds;

        public override (LabelledData Train, LabelledData Dev) Draw(ulong seed)
        {
            _seeds.Add(seed);
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed);
            var map = randn(6, 3, dtype: float64, generator: generator);
            return (Points(Train), Points(Dev));

            LabelledData Points(int count)
            {
                var x = randn(count, 6, dtype: float64, generator: generator);
                return new(x, x.matmul(map) + (Noise * randn(count, 3, dtype: float64, generator: generator)), "a plane");
            }
        }
    }
}
