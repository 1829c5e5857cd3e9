using System.Diagnostics;
using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Training;
using L2T.Experiments.Benchmarks.HyperStep;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.Trajectory;

/// <summary>A whole training of 784-500-10, 32 examples a step, and the sweep back through it, under each policy.</summary>
internal static class TrajectoryBenchmark
{
    private const int Batch = 32;
    private const int Hidden = 500;
    private const int Snapshots = 20;
    private const int Window = 50;

    // Enough for code to be compiled and libtorch's pools to be filled.
    private const int WarmUpSteps = 30;

    /// <summary>Measures the policies at these numbers of steps.</summary>
    public static IEnumerable<TrajectoryRow> Run(IReadOnlyList<TrajectoryPolicy> policies, IReadOnlyList<int> steps, string? folder)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var data = new DataSplit(Part(2000), Part(200), Part(10));
        foreach (var policy in policies)
        {
            var warmUp = Create(policy, data, WarmUpSteps, folder);
            warmUp.Differentiate(warmUp.InitialTeacher(), 0);
            foreach (var count in steps)
                yield return Measure(policy, Create(policy, data, count, folder));
        }

        static LabelledData Part(int count) => new(rand(count, 784), randint(10, count, dtype: ScalarType.Int64), 10);
    }

    private static TrajectoryRow Measure(TrajectoryPolicy policy, LossTeacherExperiment experiment)
    {
        var plan = experiment.PlanMemory();
        var teacher = experiment.InitialTeacher();
        double? seconds = null;
        (long Resident, long Heap)? peak = null;
        if (plan.Bytes < ResidentMemory.Available() * 3 / 4)
        {
            var clock = new Stopwatch();
            peak = ResidentMemory.SampledPeak(() =>
            {
                clock.Start();
                experiment.Differentiate(teacher, 0);
                clock.Stop();
            });
            seconds = clock.Elapsed.TotalSeconds;
        }
        return new(
            policy.ToString(), experiment.Steps, seconds, plan.Trajectory.ExtraSteps, plan.Trajectory.Bytes, plan.DiskBytes, plan.Bytes, peak?.Heap, peak?.Resident);
    }

    private static LossTeacherExperiment Create(TrajectoryPolicy policy, DataSplit data, int steps, string? folder)
    {
        var student = new Perceptron(Hidden);
        const double Rate = 0.01;
        return policy switch
        {
            TrajectoryPolicy.KeepAll => new KeepAllExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate },
            TrajectoryPolicy.KeepOnDisk => new KeepOnDiskExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate, TrajectoryFolder = folder },
            TrajectoryPolicy.SquareRoot => new SquareRootExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate },
            TrajectoryPolicy.Revolve => new RevolveExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate, TrajectorySnapshots = Snapshots },
            TrajectoryPolicy.Reversal => new ReversalExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate },
            TrajectoryPolicy.Truncated => new TruncatedExperiment { Student = student, Data = data, Steps = steps, BatchSize = Batch, LearningRate = Rate, TrajectoryWindow = Window },
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "It is one of the others."),
        };
    }
}
