using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Reporting;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Hypergradients;

/// <summary>The memory of a run as planned against what libtorch then has of the heap, with generated kernels; and what a budget chooses.</summary>
public sealed class MemoryPlanTests : IDisposable
{
    private const int Steps = 60;
    private const int Batch = 8;

    // On a busy machine code is compiled late.
    private const int Trials = 20;

    // 6-20000-4, 220,004 weights: large enough that what the runtime itself takes in between does not show.
    private static readonly Perceptron Student = new(20_000);

    private static readonly DataSplit Data = Points();

    private static readonly SgdOptions Momentum = new() { Momentum = 0.9 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<TrajectoryPolicy, bool> Policies
    {
        get
        {
            var cases = new TheoryData<TrajectoryPolicy, bool>();
            foreach (var policy in Enum.GetValues<TrajectoryPolicy>())
            {
                cases.Add(policy, false);
                cases.Add(policy, true);
            }
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_plan_is_what_is_held(TrajectoryPolicy policy, bool isDouble)
    {
        var experiment = Experiment(policy, isDouble ? float64 : float32);
        var plan = experiment.PlanMemory();
        // Code is compiled and pools are filled by then.
        experiment.Teach();
        // What finalizers release, they release before.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        var during = 0L;

        // The runtime compiles code anew while it runs, with memory of the same heap; that only ever adds, and is over at some time.
        var (held, peak) = (long.MaxValue, long.MaxValue);
        for (var trial = 0; trial < Trials && Math.Max(held, peak) > 1.1 * plan.Bytes; trial++)
        {
            var most = NativeHeap.SampledPeak(() => experiment.Teach(new Reports<TeachingProgress>(_ => during = NativeHeap.BytesInUse)));
            var before = NativeHeap.BytesInUse;
            held = Math.Min(held, during - before);
            peak = Math.Min(peak, most - before);
        }

        Assert.InRange((double)held / plan.Bytes, 0.9, 1.1);
        Assert.InRange((double)peak / plan.Bytes, 0.9, 1.1);
        Assert.Equal(plan.Bytes, plan.Parts.Sum(part => part.Bytes));
        Assert.Equal(policy == TrajectoryPolicy.KeepOnDisk, plan.DiskBytes > 0);
        Assert.Equal(policy == TrajectoryPolicy.Auto ? TrajectoryPolicy.KeepAll : policy, plan.Trajectory.Policy);
    }

    [Fact]
    public void Planning_leaves_nothing()
    {
        var experiment = Experiment(TrajectoryPolicy.KeepAll, float32);
        experiment.PlanMemory();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        experiment.PlanMemory();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Teaching_tells_its_plan_first()
    {
        using var text = new StringWriter();
        var experiment = Experiment(TrajectoryPolicy.SquareRoot, float32);

        experiment.Teach(new ProgressLines(text));

        var lines = text.ToString().Split('\n');
        Assert.Equal(experiment.PlanMemory().ToString(), lines[0]);
        Assert.Matches(@"^memory \d+(\.\d+)? [kM]B \(trajectory .* a checkpoint every 8 of 60 steps; 56 extra steps$", lines[0]);
        Assert.StartsWith("episode", lines[1]);
    }

    [Fact]
    public void A_budget_chooses_the_policy_and_says_so()
    {
        var all = Plan(long.MaxValue);
        var other = all.Bytes - all.Trajectory.Bytes;
        var root = Experiment(TrajectoryPolicy.SquareRoot, float32).PlanMemory();

        Assert.Equal(TrajectoryPolicy.KeepAll, Plan(all.Bytes).Trajectory.Policy);
        Assert.Equal(TrajectoryPolicy.SquareRoot, Plan(all.Bytes - 1).Trajectory.Policy);
        Assert.Equal(TrajectoryPolicy.SquareRoot, Plan(root.Bytes).Trajectory.Policy);
        var revolve = Plan(root.Bytes - 1);
        Assert.Equal(TrajectoryPolicy.Revolve, revolve.Trajectory.Policy);
        Assert.InRange(revolve.Bytes, root.Bytes - 2 * 2 * 220_004 * sizeof(float), root.Bytes - 1);
        Assert.Matches(@"^\d+ snapshots over 60 steps, chosen for a budget of .* \(KeepAll would take .*, SquareRoot would take .*\)$", revolve.Trajectory.Description);

        var fault = Assert.Throws<L2TException>(() => Plan(other));
        Assert.Contains("MemoryBudget", fault.Message);

        MemoryPlan Plan(long budget) => new AutoExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, MemoryBudget = budget }.PlanMemory();
    }

    [Fact]
    public void Generated_policies_give_the_same_bits()
    {
        var experiment = Experiment(TrajectoryPolicy.KeepAll, float32);
        var teacher = experiment.InitialTeacher();
        var expected = experiment.Differentiate(teacher, 0);

        Assert.Contains(expected.Gradient.Values.ToArray(), value => value != 0);
        foreach (var policy in (TrajectoryPolicy[])[TrajectoryPolicy.KeepOnDisk, TrajectoryPolicy.SquareRoot, TrajectoryPolicy.Revolve, TrajectoryPolicy.Auto])
            Assert.Equal(expected, Experiment(policy, float32).Differentiate(teacher, 0));
    }

    private LossTeacherExperiment Experiment(TrajectoryPolicy policy, ScalarType dtype) => policy switch
    {
        TrajectoryPolicy.KeepAll => new KeepAllExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype, VerifyReplay = true },
        TrajectoryPolicy.KeepOnDisk => new KeepOnDiskExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype, TrajectoryFolder = _folder["t"] },
        TrajectoryPolicy.SquareRoot => new SquareRootExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype },
        TrajectoryPolicy.Revolve => new RevolveExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype, TrajectorySnapshots = 5 },
        TrajectoryPolicy.Reversal => new ReversalExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype },
        TrajectoryPolicy.Truncated => new TruncatedExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype, TrajectoryWindow = 20 },
        _ => new AutoExperiment { Student = Student, Data = Data, Steps = Steps, BatchSize = Batch, Optimizer = Momentum, Episodes = 2, LearningRate = 0.01, DType = dtype },
    };

    private static DataSplit Points()
    {
        using var generator = new Generator(5);
        return new(Part(100), Part(50), Part(10));

        LabelledData Part(int n) => new(randn(n, 6, generator: generator), randint(4, n, dtype: int64, generator: generator), 4);
    }
}
