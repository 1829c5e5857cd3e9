using System.ComponentModel;
using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Experiments.Benchmarks.HyperStep;
using Spectre.Console.Cli;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.Kills;

/// <summary>
/// What is killed: teaches a teacher and trains a student under it, from where the folder says that the last process got to, and saves both
/// under their final names.
/// </summary>
internal sealed class KillsWorkerCommand : Command<KillsWorkerCommand.Settings>
{
    /// <summary>Its own word that it has begun.</summary>
    public const string Ready = "ready";

    /// <summary>The result's names.</summary>
    public static IReadOnlyList<string> Results { get; } = ["taught.l2t", "student.l2t"];

    /// <summary>All that may be left in the folder in the end.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Results, "teaching", "teaching.previous", "training", "training.previous"];

    /// <summary>Its options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<FOLDER>")]
        [Description("Where checkpoints and results are.")]
        public string Folder { get; init; } = "";
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var data = new DataSplit(Part(200), Part(60), Part(10));
        Console.WriteLine(Ready);

        // Short students and many episodes, then one long student: checkpoints every few milliseconds.
        var teacher = Experiment(60).TeachOrResume(cancellation: cancellation);
        teacher.Save(Path.Combine(settings.Folder, Results[0]));
        var student = Experiment(3000).Train(teacher, 7, checkpointPath: Path.Combine(settings.Folder, "training"), cancellation: cancellation);
        student.Save(Path.Combine(settings.Folder, Results[1]));
        return 0;

        HyperStepExperiment Experiment(int steps) => new()
        {
            Student = new Perceptron(4),
            Data = data,
            Steps = steps,
            BatchSize = 10,
            LearningRate = 0.05,
            Optimizer = new SgdOptions { Momentum = 0.9, AverageDecay = 0.99 },
            StateInterval = 10,
            MetricExamples = 30,
            Episodes = 60,
            DType = ScalarType.Float64,
            CheckpointPath = Path.Combine(settings.Folder, "teaching"),
            CheckpointInterval = 1,
            CheckpointSteps = 20,
        };

        static LabelledData Part(int count) => new(rand(count, 784), randint(10, count, dtype: ScalarType.Int64), 10);
    }
}
