using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Replayed trainings see the batches, masks and statistics of the first time: their gradient is that of remembered ones, bit for bit.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void Augmented_batches_and_batch_statistics() => Check(
        () => new NormExperiment { Data = Examples(), Augmentation = new Stretch(), Steps = 11, BatchSize = 8, Optimizer = new SgdOptions { Momentum = 0.9 }, StateInterval = 4 },
        () => new NormReplayExperiment { Data = Examples(), Augmentation = new Stretch(), Steps = 11, BatchSize = 8, Optimizer = new SgdOptions { Momentum = 0.9 }, StateInterval = 4, VerifyReplay = true, TrajectorySnapshots = 3 });

    [Fact]
    public void Augmented_batches_and_dropout() => Check(
        () => new DropoutExperiment { Data = Examples(), Augmentation = new Stretch(), Steps = 11, BatchSize = 8, Optimizer = new AdamWOptions(), StateInterval = 4 },
        () => new DropoutReplayExperiment { Data = Examples(), Augmentation = new Stretch(), Steps = 11, BatchSize = 8, Optimizer = new AdamWOptions(), StateInterval = 4, VerifyReplay = true });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Statistics_that_training_reads(bool adam)
    {
        OptimizerOptions optimizer = adam ? new AdamOptions() : new SgdOptions();
        Check(
            () => new CentredExperiment { Data = Examples(), Steps = 11, BatchSize = 8, Optimizer = optimizer, StateInterval = 4 },
            () => new CentredReplayExperiment { Data = Examples(), Steps = 11, BatchSize = 8, Optimizer = optimizer, StateInterval = 4, VerifyReplay = true });
    }

    [Fact]
    public void A_look_ahead_leaves_the_statistics_to_the_step_in_earnest()
    {
        using var scope = NewDisposeScope();
        TrainedStudent Last(bool lookAhead) => new CentredExperiment
        {
            Data = Examples(),
            Steps = 5,
            BatchSize = 8,
            Episodes = 1,
            LookAhead = lookAhead,
            TeacherLearningRate = 0,
            Optimizer = new AdamOptions(),
            DType = float64,
        } is var experiment ? experiment.Train(experiment.Teach(), 1) : throw new InvalidOperationException();

        Assert.Equal(Last(false).Weights, Last(true).Weights);
    }

    [Fact]
    public void Statistics_can_not_be_reversed()
    {
        var experiment = new NormReversalExperiment { Data = Examples(), Steps = 3, BatchSize = 8 };

        Assert.Contains("buffers", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void A_warm_start_longer_than_the_training_is_not_recorded()
    {
        using var scope = NewDisposeScope();
        var experiment = new WarmReversalExperiment
        {
            Student = new Perceptron(5), Data = Examples(), Steps = 4, BatchSize = 8, WarmStartSteps = 60, WarmStartLoss = "CrossEntropy", VerifyReplay = true,
        };

        Assert.Contains(experiment.Differentiate(experiment.InitialTeacher(), 1).Gradient.Values.ToArray(), g => g != 0);
    }

    [Fact]
    public void An_augmentation_changes_the_training()
    {
        using var scope = NewDisposeScope();
        var plain = new DropoutExperiment { Data = Examples(), Steps = 5, BatchSize = 8 };
        var augmented = new DropoutExperiment { Data = Examples(), Steps = 5, BatchSize = 8, Augmentation = new Stretch() };

        Assert.NotEqual(plain.Train("CrossEntropy", 1).Weights, augmented.Train("CrossEntropy", 1).Weights);
        Assert.Equal(augmented.Train("CrossEntropy", 1).Weights, augmented.Train("CrossEntropy", 1).Weights);
    }

    private static void Check(Func<LossTeacherExperiment> kept, Func<LossTeacherExperiment> replayed)
    {
        using var scope = NewDisposeScope();
        var experiment = kept();
        var teacher = experiment.InitialTeacher();

        var expected = experiment.Differentiate(teacher, 2);
        var actual = replayed().Differentiate(teacher, 2);

        Assert.Equal(expected.Objective, actual.Objective);
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.Contains(expected.Gradient.Values.ToArray(), g => g != 0);
    }

    private static DataSplit Examples()
    {
        using var generator = new Generator(3);
        var labels = arange(60).remainder(4);
        var inputs = randn(60, 6, generator: generator) + (1.2 * eye(6).index_select(0, labels));
        return DataSplit.InOrder(new LabelledData(inputs, labels, 4), 30, 20, 10);
    }

    /// <summary>Stretches a batch by a random factor.</summary>
    private sealed record Stretch : Augmentation
    {
        public override void Apply(Tensor inputs, ulong seed) => inputs.mul_((float)(0.5 + ((seed >> 40) / (double)(1 << 24))));
    }
}
