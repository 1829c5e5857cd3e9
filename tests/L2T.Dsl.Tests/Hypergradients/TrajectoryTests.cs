using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Hypergradients;

/// <summary>Every policy against the one that keeps everything: the same bits, in as many extra steps as its formula says.</summary>
public sealed class TrajectoryTests : IDisposable
{
    private static readonly DataSplit Data = EagerExperiment.Split();

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, ScalarType> Arithmetics
    {
        get
        {
            var cases = new TheoryData<string, ScalarType>();
            foreach (var name in OptimizerCases.Names)
            {
                cases.Add(name, float32);
                cases.Add(name, float64);
            }
            return cases;
        }
    }

    public static TheoryData<string> Policies => [.. All(null!).Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Arithmetics))]
    public void Exact_policies_give_the_bits_of_keeping_all(string optimizer, ScalarType dtype)
    {
        var (options, rate) = OptimizerCases.Get(optimizer);
        foreach (var steps in (int[])[1, 2, 7, 50])
        {
            var expected = Differentiate(new KeepAllTrajectory());
            Assert.Contains(expected.Gradient.Values.ToArray(), value => value != 0);
            Assert.Equal(expected, Differentiate(new SquareRootTrajectory()));
            Assert.Equal(expected, Differentiate(new KeepOnDiskTrajectory(_folder["trajectory"])));
            Assert.Equal(expected, Differentiate(new TruncatedTrajectory(steps)));
            Assert.Equal(expected, Differentiate(new AutoTrajectory()));
            Assert.Equal(expected, Differentiate(new RevolveTrajectory()));
            foreach (var snapshots in steps <= 7 ? Enumerable.Range(1, steps) : [1, 2, 3, 7, 49, 50])
                Assert.Equal(expected, Differentiate(new RevolveTrajectory(snapshots)));

            TeacherGradient Differentiate(ITrajectoryPolicy policy) => Gradient(new EagerExperiment
            {
                Data = Data,
                Optimizer = options,
                Schedule = OptimizerCases.Get(optimizer).Schedule,
                DType = dtype,
                Policy = policy,
                Steps = steps,
                LearningRate = 0.3 * rate,
                CoefficientDecay = 0.1,
                SeesTrainLoss = true,
                VerifyReplay = true,
            });
        }
    }

    [Theory]
    [InlineData(1, "momentum")]
    [InlineData(2, "momentum")]
    [InlineData(7, "momentum")]
    [InlineData(50, "momentum")]
    [InlineData(50, "momentum, decay, clipping")]
    [InlineData(50, "momentum, average")]
    public void Reversal_gives_the_bits_of_keeping_all_in_its_arithmetic(int steps, string optimizer)
    {
        foreach (var dtype in (ScalarType[])[float32, float64])
        {
            var kept = Gradient(Experiment(new OverFixedPoint(new KeepAllTrajectory()), dtype));
            var reversed = Gradient(Experiment(new ReversalTrajectory(), dtype));
            var usual = Gradient(Experiment(new KeepAllTrajectory(), dtype));

            Assert.Equal(kept, reversed);
            // Another arithmetic, not another method.
            var scale = usual.Gradient.Values.ToArray().Max(Math.Abs);
            Assert.All(usual.Gradient.Values.ToArray().Zip(reversed.Gradient.Values.ToArray()), pair =>
                Assert.InRange(pair.First - pair.Second, -1e-4 * scale, 1e-4 * scale));
        }

        EagerExperiment Experiment(ITrajectoryPolicy policy, ScalarType dtype) => new()
        {
            Data = Data,
            Optimizer = OptimizerCases.Get(optimizer).Options,
            DType = dtype,
            Policy = policy,
            Steps = steps,
            LearningRate = 0.05,
            VerifyReplay = true,
        };
    }

    [Fact]
    public void Several_episodes_teach_the_same_teacher()
    {
        var expected = Teach(new KeepAllTrajectory());

        foreach (var policy in (ITrajectoryPolicy[])[new SquareRootTrajectory(), new RevolveTrajectory(2), new KeepOnDiskTrajectory(_folder["t"])])
            Assert.Equal(expected, Teach(policy));

        ParameterSet Teach(ITrajectoryPolicy policy) => new EagerExperiment { Data = Data, Policy = policy, Steps = 9, SplitPerEpisode = true }.Teach().Parameters;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    public void Extra_steps_are_those_of_the_formula(int steps)
    {
        var length = (int)Math.Ceiling(Math.Sqrt(steps));
        Assert.Equal(steps - LastSegment(steps, length), ExtraSteps(new SquareRootTrajectory(), steps));
        Assert.Equal(0, ExtraSteps(new KeepAllTrajectory(), steps));
        foreach (var snapshots in steps <= 7 ? Enumerable.Range(1, steps) : [1, 2, 3, 4, 5, 10, 30, 49, 50])
        {
            var least = Fewest(steps, snapshots, []);
            Assert.Equal(least, ExtraSteps(new RevolveTrajectory(snapshots), steps));
        }

        static int LastSegment(int steps, int length) => (steps - 1) % length + 1;
    }

    [Fact]
    public void Plans_of_revolve_are_optimal_for_every_number_of_snapshots()
    {
        var memo = new Dictionary<(int, int), long>();
        for (var steps = 1; steps <= 60; steps++)
        {
            for (var snapshots = 1; snapshots <= steps; snapshots++)
            {
                var sizes = new TrajectorySizes(steps, 1, 1, 1, 1, new SgdOptions(), 0);
                Assert.Equal(Fewest(steps, snapshots, memo), new RevolveTrajectory(snapshots).Plan(sizes).ExtraSteps);
            }
        }
    }

    [Fact]
    public void Checkpoints_cost_less_than_one_training()
    {
        foreach (var steps in (int[])[100, 1_000, 10_000])
            Assert.InRange(new SquareRootTrajectory().Plan(new TrajectorySizes(steps, 1, 1, 1, 1, new SgdOptions(), 0)).ExtraSteps, steps / 2, steps - 1);
    }

    [Fact]
    public void The_error_of_truncation_falls_as_the_window_grows()
    {
        var exact = Truncated(50);
        var errors = ((int[])[1, 5, 15, 30, 45]).Select(window => Distance(exact, Truncated(window))).ToArray();

        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[^1] > 0 && errors[^1] < errors[0] / 3, string.Join(" ", errors));

        double[] Truncated(int window) => Gradient(new EagerExperiment
        {
            Data = Data,
            Policy = new TruncatedTrajectory(window),
            Steps = 50,
            LearningRate = 0.3,
        }).Gradient.Values.ToArray();

        static double Distance(double[] first, double[] second) => Math.Sqrt(first.Zip(second).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
    }

    [Fact]
    public void Truncation_leaves_nothing_out_of_the_penalty()
    {
        // A student that does not learn has no other gradient.
        Assert.Equal(Penalty(12), Penalty(3));

        TeacherGradient Penalty(int window)
        {
            var gradient = Gradient(new EagerExperiment
            {
                Data = Data,
                Policy = new TruncatedTrajectory(window),
                Steps = 12,
                LearningRate = 0,
                CoefficientDecay = 0.5,
            });
            Assert.Contains(gradient.Gradient.Values.ToArray(), value => value != 0);
            return gradient;
        }
    }

    [Theory]
    [InlineData("SquareRoot", 8)]
    [InlineData("Revolve", 14)]
    [InlineData("Reversal", 15)]
    public void A_replay_that_differs_is_named(string policy, int step)
    {
        var calls = 0;
        var experiment = new EagerExperiment
        {
            Data = Data,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Policy = All(_folder)[policy],
            Steps = 16,
            LearningRate = 0.05,
            VerifyReplay = true,
            BeforeStep = () => calls++,
            // From the first step that is taken again.
            Loss = (w, phi, x, y) =>
            {
                var judged = EagerFunctions.TaughtLoss(w, phi, x, y);
                return calls > 16 ? judged with { Value = judged.Value * (1 + 1e-15) } : judged;
            },
        };

        var fault = Assert.Throws<ReplayException>(() => Gradient(experiment));

        // Revolve with three snapshots starts again at the last of them.
        Assert.Equal(policy == "Revolve" ? fault.Step : step, fault.Step);
        Assert.Contains($"The loss of step {fault.Step} was", fault.Message);
        Assert.NotEqual(fault.Forward, fault.Replayed);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void No_tensor_and_no_file_is_left(string policy)
    {
        Settle();
        var before = Tensor.TotalCount;

        new EagerExperiment { Data = Data, Optimizer = new SgdOptions { Momentum = 0.9 }, Policy = All(_folder)[policy], Steps = 10, LearningRate = 0.05 }.Teach();

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_sweep_that_is_cancelled_leaves_nothing(string policy)
    {
        Settle();
        var before = Tensor.TotalCount;
        using var cancellation = new CancellationTokenSource();
        var calls = 0;
        var experiment = new EagerExperiment
        {
            Data = Data,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Policy = All(_folder)[policy],
            Steps = 10,
            LearningRate = 0.05,
            BeforeStep = () =>
            {
                // In the middle of the way back where steps are taken again, else in the middle of the training.
                if (++calls == (policy is "SquareRoot" or "Revolve" or "Reversal" ? 13 : 5))
                    cancellation.Cancel();
            },
        };

        Assert.ThrowsAny<OperationCanceledException>(() => experiment.Differentiate(experiment.InitialTeacher(), 0, cancellation.Token));

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_loss_that_is_not_a_number_leaves_nothing(string policy)
    {
        Settle();
        var before = Tensor.TotalCount;
        var calls = 0;
        var experiment = new EagerExperiment
        {
            Data = Data,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            Policy = All(_folder)[policy],
            Steps = 10,
            BeforeStep = () => calls++,
            Loss = (w, phi, x, y) =>
            {
                var judged = EagerFunctions.TaughtLoss(w, phi, x, y);
                return calls == 5 ? judged with { Value = judged.Value * double.NaN } : judged;
            },
        };

        Assert.Equal(4, Assert.Throws<NonFiniteException>(() => experiment.Teach()).Step);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void The_file_on_disk_has_no_name_while_it_is_used()
    {
        var names = new List<int>();
        var experiment = new EagerExperiment
        {
            Data = Data,
            Policy = new KeepOnDiskTrajectory(_folder["sub"]),
            BeforeStep = () => names.Add(Directory.GetFileSystemEntries(_folder["sub"]).Length),
        };

        Gradient(experiment);

        Assert.NotEmpty(names);
        Assert.All(names, count => Assert.Equal(0, count));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = _folder.Write("file", [1]);

        var fault = Assert.Throws<L2TException>(() => Gradient(new EagerExperiment { Data = Data, Policy = new KeepOnDiskTrajectory(file) }));

        Assert.Contains(file, fault.Message);
        Assert.Contains("TrajectoryFolder", fault.Message);
    }

    [Fact]
    public void A_full_disk_is_said_before_the_first_step()
    {
        // Steps of 64 KB, more than there is room for.
        const int Batch = 2000;
        var free = new DriveInfo(Path.GetDirectoryName(_folder["x"])!).AvailableFreeSpace;
        var steps = (int)(free / (Batch * EagerExperiment.Inputs * sizeof(double)) * 1.2);
        var experiment = new EagerExperiment
        {
            Data = EagerExperiment.Split(train: Batch),
            Policy = new KeepOnDiskTrajectory(_folder["x"]),
            BatchSize = Batch,
            Steps = steps,
            BeforeStep = () => Assert.Fail("A step was taken."),
        };

        Assert.Contains("TrajectoryFolder", Assert.Throws<L2TException>(() => Gradient(experiment)).Message);
        Assert.Equal(free, new DriveInfo(Path.GetDirectoryName(_folder["x"])!).AvailableFreeSpace, tolerance: 1 << 30);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Parameters_out_of_range_are_named(int count)
    {
        Assert.Contains("TrajectorySnapshots", Fault(new RevolveTrajectory(count)));
        Assert.Contains("TrajectoryWindow", Fault(new TruncatedTrajectory(count)));

        static string Fault(ITrajectoryPolicy policy) =>
            Assert.Throws<L2TException>(() => new EagerExperiment { Data = Data, Policy = policy }.PlanMemory()).Message;
    }

    [Fact]
    public void Reversal_names_what_it_cannot_undo()
    {
        Assert.Contains("momentum between", Fault(new SgdOptions()));
        Assert.Contains("Nesterov = True", Fault(new SgdOptions { Momentum = 0.9, Nesterov = true }));
        Assert.Contains("Dampening = 0.1", Fault(new SgdOptions { Momentum = 0.9, Dampening = 0.1 }));
        Assert.Contains("DecoupledWeightDecay = True", Fault(new SgdOptions { Momentum = 0.9, WeightDecay = 0.1, DecoupledWeightDecay = true }));
        Assert.Contains("AdamOptions", Fault(new AdamOptions()));
        var experiment = Experiment(new SgdOptions { Momentum = 0.9 });
        Assert.Contains("settings", Assert.Throws<L2TException>(() => experiment.DifferentiateTraining(experiment.InitialTeacher(), 0)).Message);

        static string Fault(OptimizerOptions options) => Assert.Throws<L2TException>(() => Experiment(options).PlanMemory()).Message;

        static EagerExperiment Experiment(OptimizerOptions options) => new() { Data = Data, Optimizer = options, Policy = new ReversalTrajectory() };
    }

    [Fact]
    public void A_teacher_is_not_taught_further_in_another_arithmetic()
    {
        var teacher = new EagerExperiment { Data = Data, Episodes = 1 }.Teach();

        new EagerExperiment { Data = Data, Policy = new RevolveTrajectory(2) }.Resume(teacher);
        Assert.Contains("truncated to the last 3 steps", Assert.Throws<L2TException>(
            () => new EagerExperiment { Data = Data, Policy = new TruncatedTrajectory(3) }.Resume(teacher)).Message);
    }

    private static TeacherGradient Gradient(EagerExperiment experiment) => experiment.Differentiate(experiment.InitialTeacher(), 3);

    private static Dictionary<string, ITrajectoryPolicy> All(TemporaryFolder folder) => new()
    {
        ["KeepAll"] = new KeepAllTrajectory(),
        ["KeepOnDisk"] = new KeepOnDiskTrajectory(folder is null ? null : Path.GetDirectoryName(folder["x"])),
        ["SquareRoot"] = new SquareRootTrajectory(),
        ["Revolve"] = new RevolveTrajectory(3),
        ["Reversal"] = new ReversalTrajectory(),
        ["Truncated"] = new TruncatedTrajectory(4),
        ["Auto"] = new AutoTrajectory(),
    };

    private static int ExtraSteps(ITrajectoryPolicy policy, int steps)
    {
        var calls = 0;
        var experiment = new EagerExperiment { Data = Data, Policy = policy, Steps = steps, LearningRate = 0.05, BeforeStep = () => calls++ };
        var teacher = experiment.InitialTeacher();
        var planned = experiment.PlanMemory().Trajectory.ExtraSteps;
        experiment.Differentiate(teacher, 0);
        Assert.Equal(planned, calls - steps);
        return calls - steps;
    }

    // The least by trying every place for the next snapshot, not by the paper's formula.
    private static long Fewest(int steps, int snapshots, Dictionary<(int, int), long> memo)
    {
        if (steps <= 1)
            return 0;
        if (snapshots == 1)
            return (long)steps * (steps - 1) / 2;
        if (!memo.TryGetValue((steps, snapshots), out var least))
        {
            least = Enumerable.Range(1, steps - 1).Min(m => m + Fewest(m, snapshots, memo) + Fewest(steps - m, snapshots - 1, memo));
            memo[(steps, snapshots)] = least;
        }
        return least;
    }

    // What earlier tests left to the finalizer, and the data of this one, must not be counted.
    private static void Settle()
    {
        Assert.NotEqual(0, Data.Train.Count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
