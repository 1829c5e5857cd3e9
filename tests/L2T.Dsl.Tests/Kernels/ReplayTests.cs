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
