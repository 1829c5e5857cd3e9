using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using L2T.Dsl.Metrics;
using Spectre.Console;
using Spectre.Console.Cli;
using TorchSharp;

namespace L2T.Experiments.NoisyLabels;

/// <summary>Runs the seeds and prints what they found.</summary>
internal sealed class NoisyCommand : Command<NoisySettings>
{
    private const int TableWidth = 170;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <inheritdoc/>
    public override int Execute(CommandContext context, NoisySettings settings, CancellationToken cancellation)
    {
        torch.set_num_threads(1);
        var results = new NoisyResult[settings.Seeds];
        try
        {
            // Inside a training there is too little to share.
            Parallel.For(0, settings.Seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
                results[i] = NoisyRun.Run(settings, settings.Seed + i, cancellation));
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

    private static void Write(NoisySettings settings, NoisyResult[] results)
    {
        var console = AnsiConsole.Console;
        // The table must not be folded where the output is no terminal.
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{(settings.Data == "digits" ? "Handwritten digits at 8x8 pixels" : "Fashion-MNIST at 14x14 pixels")}[/], {settings.Train} training examples, {100 * settings.Noise:G3} % of their labels drawn anew; {settings.Dev} clean development examples"));
        console.MarkupLine($"students of {settings.Hidden} hidden units, {settings.Steps} steps of {settings.Batch} after {settings.WarmStart} by cross-entropy");
        var table = new Table().AddColumns("seed", "cross-entropy", "at its own rate", "rate", "on train and dev", "taught weights", "AUC", "weight, clean", "weight, wrong");
        foreach (var column in table.Columns)
            column.RightAligned();
        foreach (var result in results)
        {
            table.AddRow(
                result.Seed.ToString(CultureInfo.InvariantCulture), Percent(result.CrossEntropy), Percent(result.Tuned),
                result.TunedRate.ToString(CultureInfo.InvariantCulture), Percent(result.WithDev), Percent(result.Taught),
                Number(result.Auc), Number(result.CleanWeight), Number(result.WrongWeight));
        }
        table.AddRow(
            "mean", Mean(result => result.CrossEntropy), Mean(result => result.Tuned), "", Mean(result => result.WithDev), Mean(result => result.Taught),
            Number(results.Average(result => result.Auc)), Number(results.Average(result => result.CleanWeight)), Number(results.Average(result => result.WrongWeight)));
        console.Write(table);
        Against("cross-entropy", result => result.CrossEntropy);
        Against("cross-entropy at its own rate", result => result.Tuned);
        Against("cross-entropy on train and dev", result => result.WithDev);

        string Mean(Func<NoisyResult, double> value)
        {
            double[] values = [.. results.Select(value)];
            if (values.Length == 1)
                return Percent(values[0]);
            var interval = SeedStatistics.MeanInterval(values);
            return $"{Percent(interval.Mean)} ({Percent(interval.Low)} .. {Percent(interval.High)})";
        }

        void Against(string rival, Func<NoisyResult, double> error)
        {
            double[] theirs = [.. results.Select(error)];
            double[] taught = [.. results.Select(result => result.Taught)];
            var p = taught.Length < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $" (paired t-test: p = {SeedStatistics.PairedTTest(taught, theirs):G2})");
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture,
                $"taught weights against {rival}: {100 * (taught.Average() - theirs.Average()):+0.00;-0.00} points{p}"));
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
