using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using L2T.Dsl.Metrics;
using Spectre.Console;
using Spectre.Console.Cli;
using TorchSharp;

namespace L2T.Experiments.SineRegression;

/// <summary>Runs the seeds and prints what they found.</summary>
internal sealed class SineCommand : Command<SineSettings>
{
    private const int TableWidth = 150;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Of students that have run away.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <inheritdoc/>
    public override int Execute(CommandContext context, SineSettings settings, CancellationToken cancellation)
    {
        torch.set_num_threads(1);
        var results = new SineResult[settings.Seeds];
        try
        {
            // Inside a training there is too little to share.
            Parallel.For(0, settings.Seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
                results[i] = SineRun.Run(settings, settings.Seed + i, cancellation));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        if (settings.Json)
        {
            foreach (var result in results)
                Console.WriteLine(JsonSerializer.Serialize(result, Json));
            return 0;
        }
        Write(settings, results);
        return 0;
    }

    private static void Write(SineSettings settings, SineResult[] results)
    {
        var console = AnsiConsole.Console;
        // The table must not be folded where the output is no terminal.
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
        console.MarkupLine($"[bold]Sines[/] of random amplitude and phase, {settings.Points} points to fit; mean squared error on {settings.JudgePoints} others, over {settings.Sines} sines that no teacher has seen");
        console.MarkupLine($"taught on {settings.Episodes * settings.Rollouts} other sines, {settings.Steps} steps each; {settings.Seeds} seeds, 95 % intervals");
        var table = new Table().AddColumns("steps", "squared error", "at its best rate", "taught loss", "p (paired t)");
        foreach (var column in table.Columns)
            column.RightAligned();
        for (var i = 0; i < settings.Counts.Count; i++)
        {
            SineRow[] rows = [.. results.Select(result => result.Rows[i])];
            double[] taught = [.. rows.Select(row => row.Taught)];
            double[] best = [.. rows.Select(row => row.Squared)];
            table.AddRow(
                settings.Counts[i].ToString(CultureInfo.InvariantCulture),
                Mean(best),
                string.Join(" ", rows.Select(row => row.Rate).Distinct().Order().Select(rate => rate.ToString(CultureInfo.InvariantCulture))),
                Mean(taught),
                rows.Length < 2 || !taught.Concat(best).All(double.IsFinite) ? "" : SeedStatistics.PairedTTest(taught, best).ToString("G2", CultureInfo.InvariantCulture));
        }
        console.Write(table);
        console.MarkupLine("p: two-sided, of the taught loss against the squared error at the rate that is best for as many steps, seed by seed.");
    }

    private static string Mean(double[] values)
    {
        if (values.Length == 1 || !values.All(double.IsFinite))
            return Number(values.Average());
        var interval = SeedStatistics.MeanInterval(values);
        return $"{Number(interval.Mean)} ({Number(interval.Low)} .. {Number(interval.High)})";
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
