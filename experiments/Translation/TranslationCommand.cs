using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Metrics;
using L2T.Dsl.Translation.Baselines;
using L2T.Dsl.Translation.Scoring;
using Spectre.Console;
using Spectre.Console.Cli;
using TorchSharp;

namespace L2T.Experiments.Translation;

/// <summary>Runs the demo and prints what it found.</summary>
internal sealed class TranslationCommand : Command<TranslationSettings>
{
    private const int TableWidth = 140;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <inheritdoc/>
    public override int Execute(CommandContext context, TranslationSettings settings, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        torch.set_num_threads(1);
        using var data = TranslationData.Load(settings);
        Console.Error.WriteLine(data.Sizes);
        if (settings.MeasuredPairs is not null)
        {
            new BucketTimes(settings, data).Write(Console.Out, cancellation);
            return 0;
        }

        var results = new TranslationDemo(settings, data, Console.Error, cancellation).Run();
        var baselines = Baselines(data);
        if (settings.Json)
        {
            foreach (var result in results)
                Console.WriteLine(JsonSerializer.Serialize(result, Json));
            foreach (var (name, score) in baselines)
                Console.WriteLine(JsonSerializer.Serialize(new { Loss = name, Bleu = new[] { score } }, Json));
            return 0;
        }

        var console = AnsiConsole.Console;
        // The table must not be folded where the output is no terminal.
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
        console.MarkupLineInterpolated($"[bold]German to English, {settings.Student}[/], {settings.Width} wide, {data.Vocabulary.Size} subwords; {data.Sizes}");
        console.MarkupLineInterpolated(
            $"{settings.Steps} steps of {settings.Batch} pairs of the longest, {data.Buckets.Count} lengths; a teacher learns from {settings.Episodes} trainings of {settings.TaughtSteps} steps; beams of {settings.Beam}");
        console.Write(Table(results, baselines));
        console.MarkupLineInterpolated($"[grey]p: two-sided, of BLEU against {results[0].Loss}, seed by seed. {clock.Elapsed.TotalMinutes:F1} minutes in all.[/]");
        return 0;
    }

    private static Table Table(IReadOnlyList<TranslationResult> results, IReadOnlyList<(string Name, double Score)> baselines)
    {
        var table = new Table().AddColumns("loss", "seeds", "rate", "wrong words, dev", "BLEU", "95 % interval", "p (paired t)");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        var reference = results[0];
        foreach (var result in results)
        {
            var several = result.Bleu.Count > 1;
            var interval = several ? SeedStatistics.MeanInterval(result.Bleu) : null;
            table.AddRow(
                result.Loss,
                Text(result.Bleu.Count),
                Text(result.LearningRate),
                string.Create(CultureInfo.InvariantCulture, $"{100 * result.DevErrors.Average():F2} %"),
                Number(result.Bleu.Average()),
                interval is null ? "" : $"{Number(interval.Low)} .. {Number(interval.High)}",
                several && result != reference ? SeedStatistics.PairedTTest(result.Bleu, reference.Bleu).ToString("G2", CultureInfo.InvariantCulture) : "");
        }
        foreach (var (name, score) in baselines)
            table.AddRow(name, "", "", "", Number(score), "", "");
        return table;
    }

    // What needs no student.
    private static IReadOnlyList<(string Name, double Score)> Baselines(TranslationData data)
    {
        string[] sources = [.. data.Test.Select(pair => pair.Source)];
        string[] targets = [.. data.Test.Select(pair => pair.Target)];
        var dictionary = WordDictionary.Learn(data.Train);
        return
        [
            ("the source itself", Bleu.OfText(sources, targets).Score),
            ("word for word", Bleu.OfText([.. sources.Select(dictionary.Translate)], targets).Score),
        ];
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
