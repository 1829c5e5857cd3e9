using System.ComponentModel;
using System.Text.Json;
using L2T.Dsl.Tensors;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Benchmarks;

/// <summary>Options that all benchmarks share.</summary>
internal sealed class BenchmarkSettings : CommandSettings
{
    [CommandOption("--json")]
    [Description("Print one JSON object a line instead of a table.")]
    public bool Json { get; init; }

    [CommandOption("--seconds <N>")]
    [Description("How long each case is measured. Default 5.")]
    [DefaultValue(5.0)]
    public double Seconds { get; init; }

    [CommandOption("--threads <N>")]
    [Description("Threads that libtorch computes with. Default: one a core.")]
    public int? Threads { get; init; }

    public override ValidationResult Validate() =>
        Seconds is not (> 0 and <= 600) ? ValidationResult.Error("--seconds must be more than 0 and at most 600.")
        : Threads is < 1 ? ValidationResult.Error("--threads must be at least 1.")
        : ValidationResult.Success();
}

/// <summary>A benchmark of steps: measures its cases and prints them.</summary>
internal abstract class StepBenchmarkCommand : Command<BenchmarkSettings>
{
    /// <summary>Measures the cases, each within a budget of time.</summary>
    protected abstract IEnumerable<StepTimes> Measure(TimeSpan budget);

    /// <inheritdoc/>
    public override int Execute(CommandContext context, BenchmarkSettings settings, CancellationToken cancellation)
    {
        var keepsMemory = Allocator.KeepMemory();
        if (settings.Threads is { } threads)
        {
            TorchSharp.torch.set_num_threads(threads);
        }

        var rows = new List<StepTimes>();
        foreach (var row in Measure(TimeSpan.FromSeconds(settings.Seconds)))
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(row);
            if (settings.Json)
            {
                Console.WriteLine(JsonSerializer.Serialize(row));
            }
        }

        if (!settings.Json)
        {
            // The table must not be folded where the output is no terminal.
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
            AnsiConsole.Write(StepTable.Of(rows));
            AnsiConsole.MarkupLineInterpolated(
                $"[grey]Medians of interleaved runs, {TorchSharp.torch.get_num_threads()} threads, both sides in one process{(keepsMemory ? " whose allocator keeps freed memory" : "")}. Ratios: the step to autograd's step, the reverse step to autograd's step, double backward to the reverse step, and the peaks.[/]");
        }

        return 0;
    }
}
