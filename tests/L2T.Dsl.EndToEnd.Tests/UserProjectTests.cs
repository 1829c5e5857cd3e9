using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using static TorchSharp.torch;

namespace L2T.Dsl.EndToEnd.Tests;

/// <summary>What a user does with an experiment, from data to a student taught by a saved teacher.</summary>
public sealed class UserProjectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("l2t-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_teacher_is_taught_saved_loaded_resumed_and_teaches()
    {
        var path = Path.Combine(_folder, "teacher.l2t");
        using var data = Spirals();
        var experiment = new SpiralExperiment { Data = data.Split, Steps = 60, BatchSize = 16, LearningRate = 2, Episodes = 3 };

        experiment.Teach().Save(path);
        var longer = new SpiralExperiment { Data = data.Split, Steps = 60, BatchSize = 16, LearningRate = 2, Episodes = 5 };
        var resumed = longer.Resume(path);

        Assert.Equal(5, resumed.Episodes);
        Assert.Equal(longer.Teach().Parameters, resumed.Parameters);
        var student = longer.Train(resumed, seed: 1);
        Assert.True(longer.Evaluate(student, data.Split.Test).ErrorRate < 0.6, "no better than guessing");
    }

    [Fact]
    public void A_fixed_loss_is_trained_by_the_same_experiment()
    {
        using var data = Spirals();
        var experiment = new SpiralExperiment { Data = data.Split, Steps = 200, BatchSize = 16, LearningRate = 0.5 };

        var student = experiment.Train("CrossEntropy", seed: 1);

        Assert.Equal(["CrossEntropy"], experiment.FixedLosses);
        Assert.True(experiment.Evaluate(student, data.Split.Test).ErrorRate < 0.5, "no better than guessing");
    }

    [Fact]
    public void A_teacher_with_a_body_of_its_own_learns()
    {
        using var data = Spirals();
        var experiment = new NetworkExperiment
        {
            Data = data.Split,
            Steps = 40,
            BatchSize = 16,
            LearningRate = 0.02,
            Schedule = LearningRateSchedule.Cosine().AfterWarmUp(5),
            Optimizer = new AdamWOptions { ClipNorm = 1, AverageDecay = 0.9 },
            Episodes = 2,
        };

        var before = experiment.InitialTeacher();
        var after = experiment.Teach().Parameters;

        Assert.Equal(["Hidden", "ToMatrix", "ToBias"], before.Layout.Select(s => s.Name));
        Assert.All(before.Layout, slot => Assert.False(before[slot.Name].SequenceEqual(after[slot.Name]), $"{slot.Name} has not moved"));
    }

    private static Data Spirals()
    {
        const int Classes = 3;
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var labels = randint(Classes, 600, dtype: int64, generator: generator);
        var radius = rand(600, generator: generator);
        var angle = (4 * radius) + (labels * 2.1f) + (0.2f * randn(600, generator: generator));
        var inputs = stack([radius * angle.cos(), radius * angle.sin()], 1);
        var all = new LabelledData(inputs, labels, Classes);
        return new(all, DataSplit.InOrder(all, 300, 200, 100));
    }

    private sealed record Data(LabelledData All, DataSplit Split) : IDisposable
    {
        public void Dispose() => All.Dispose();
    }
}
