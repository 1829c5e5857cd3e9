using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using L2T.Dsl.Data;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using Spectre.Console;
using Spectre.Console.Cli;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.Conv;

/// <summary>A whole training of ResNet-20 on random pictures of CIFAR's size and the sweep back through it, in a limit of memory.</summary>
internal sealed class ConvTrainingCommand : Command<ConvTrainingCommand.Settings>
{
    private const double Limit = 4e9;

    /// <summary>Its options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--steps <N>")]
        [Description("Steps of training. Default 200.")]
        [DefaultValue(200)]
        public int Steps { get; init; }

        [CommandOption("--batch <N>")]
        [Description("Pictures a batch. Default 32.")]
        [DefaultValue(32)]
        public int Batch { get; init; }

        [CommandOption("--threads <N>")]
        [Description("Threads that libtorch computes with. Default: one a core.")]
        public int? Threads { get; init; }

        public override ValidationResult Validate() =>
            Steps < 1 || Batch < 1 ? ValidationResult.Error("--steps and --batch must be at least 1.")
            : Threads is < 1 ? ValidationResult.Error("--threads must be at least 1.")
            : ValidationResult.Success();
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        Allocator.KeepMemory();
        if (settings.Threads is { } threads)
        {
            set_num_threads(threads);
        }

        random.manual_seed(1);
        var experiment = new ResNetExperiment
        {
            Student = new ResNet(3),
            Data = new DataSplit(Part(1000), Part(100), Part(10)),
            Steps = settings.Steps,
            BatchSize = settings.Batch,
            LearningRate = 0.01,
        };
        var teacher = experiment.InitialTeacher();
        var clock = new Stopwatch();
        var peak = ResidentMemory.SampledPeak(() =>
        {
            clock.Start();
            experiment.Differentiate(teacher, 0);
            clock.Stop();
        });
        var bytes = ResidentMemory.Most();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ResNet-20, {settings.Batch} pictures a batch: {settings.Steps} steps and their reverse in {clock.Elapsed.TotalSeconds:F1} s, {clock.Elapsed.TotalMilliseconds / settings.Steps:F0} ms a step with its reverse. Planned: {experiment.PlanMemory()}. At the peak {bytes / 1e6:F0} MB resident in all, {peak.Resident / 1e6:F0} MB more than before and no file's, {peak.Heap / 1e6:F0} MB in use on the heap."));
        return bytes <= Limit ? 0 : 1;

        static LabelledData Part(int count) => new(rand(count, 3, 32, 32), randint(10, count, dtype: ScalarType.Int64), 10);
    }
}
