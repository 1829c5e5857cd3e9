using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using L2T.Dsl;
using L2T.Dsl.Tensors;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Benchmarks.Trajectory;

/// <summary>Time and memory of trajectories.</summary>
internal sealed class TrajectoryCommand : Command<TrajectoryCommand.Settings>
{
    private static readonly TrajectoryPolicy[] Policies = [.. Enum.GetValues<TrajectoryPolicy>().Where(policy => policy != TrajectoryPolicy.Auto)];

    /// <summary>Its options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--json")]
        [Description("Print one JSON object a line instead of a table.")]
        public bool Json { get; init; }

        [CommandOption("--steps <LIST>")]
        [Description("Lengths of training, separated by commas. Default 100,1000,10000.")]
        [DefaultValue("100,1000,10000")]
        public string Steps { get; init; } = "";

        [CommandOption("--policies <LIST>")]
        [Description("Policies, separated by commas. Default: all.")]
        public string? Names { get; init; }

        [CommandOption("--folder <PATH>")]
        [Description("Where KeepOnDisk has its file. Default: the system's temporary folder.")]
        public string? Folder { get; init; }

        [CommandOption("--threads <N>")]
        [Description("Threads that libtorch computes with. Default: one a core.")]
        public int? Threads { get; init; }

        public override ValidationResult Validate() =>
            ReadSteps() is null ? ValidationResult.Error("--steps must be positive integers, such as 100,1000.")
            : ReadPolicies() is null ? ValidationResult.Error($"--policies must be of {string.Join(", ", Policies)}.")
            : Threads is < 1 ? ValidationResult.Error("--threads must be at least 1.")
            : ValidationResult.Success();

        public IReadOnlyList<int>? ReadSteps()
        {
            var steps = Steps.Split(',').Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? count : 0).ToArray();
            return steps.All(count => count > 0) ? steps : null;
        }

        public IReadOnlyList<TrajectoryPolicy>? ReadPolicies()
        {
            if (Names is null)
                return Policies;
            var policies = Names.Split(',').Select(name => Enum.TryParse<TrajectoryPolicy>(name, ignoreCase: true, out var policy) ? policy : TrajectoryPolicy.Auto).ToArray();
            return policies.All(Policies.Contains) ? policies : null;
        }
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        Allocator.KeepMemory();
        if (settings.Threads is { } threads)
            TorchSharp.torch.set_num_threads(threads);

        var rows = new List<TrajectoryRow>();
        foreach (var row in TrajectoryBenchmark.Run(settings.ReadPolicies()!, settings.ReadSteps()!, settings.Folder))
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(row);
            if (settings.Json)
                Console.WriteLine(JsonSerializer.Serialize(row));
        }
        if (!settings.Json)
        {
            // The table must not be folded where the output is no terminal.
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
            AnsiConsole.Write(Table(rows));
            AnsiConsole.MarkupLineInterpolated(
                $"[grey]784-500-10, 32 examples a step, {TorchSharp.torch.get_num_threads()} threads; plain descent, Reversal with momentum 0.9. MB are 10^6 bytes; heap is what of the native heap was in use, resident what the process had in memory and no file had, both at their peaks.[/]");
        }
        return 0;
    }

    private static Table Table(IReadOnlyList<TrajectoryRow> rows)
    {
        var table = new Table().AddColumns(
            "policy", "T", "seconds", "to KeepAll", "extra steps", "to T", "trajectory MB", "disk MB", "planned MB", "heap MB", "to planned", "resident MB");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var row in rows)
        {
            var keepAll = rows.FirstOrDefault(other => other.Policy == nameof(TrajectoryPolicy.KeepAll) && other.Steps == row.Steps);
            table.AddRow(
                row.Policy,
                row.Steps.ToString(CultureInfo.InvariantCulture),
                row.Seconds is { } seconds ? Number(seconds, "F2") : "does not fit",
                row.Seconds / keepAll?.Seconds is { } ratio ? Number(ratio, "F2") : "",
                row.ExtraSteps.ToString(CultureInfo.InvariantCulture),
                Number((double)row.ExtraSteps / row.Steps, "F2"),
                Number(row.TrajectoryBytes / 1e6, "F1"),
                Number(row.DiskBytes / 1e6, "F1"),
                Number(row.PlannedBytes / 1e6, "F1"),
                row.HeapBytes is { } heap ? Number(heap / 1e6, "F1") : "",
                row.HeapBytes is { } held ? Number((double)held / row.PlannedBytes, "F3") : "",
                row.ResidentBytes is { } resident ? Number(resident / 1e6, "F1") : "");
        }
        return table;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
