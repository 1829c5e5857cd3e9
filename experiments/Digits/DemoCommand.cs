using System.Globalization;
using L2T.Dsl.Experiments;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;
using Spectre.Console;
using Spectre.Console.Cli;
using TorchSharp;

namespace L2T.Experiments.Digits;

/// <summary>Runs the demo and prints what it found.</summary>
internal sealed class DemoCommand : Command<DemoSettings>
{
    private const int TableWidth = 120;

    /// <inheritdoc/>
    public override int Execute(CommandContext context, DemoSettings settings, CancellationToken cancellation)
    {
        // The trainings run side by side; inside one there is too little to share.
        torch.set_num_threads(1);
        using var data = DemoData.Load(settings);
        DemoResult result;
        using (var progress = settings.Quiet ? null : new WorkProgress(Console.Error, !Console.IsErrorRedirected, Demo.Work(settings)))
            result = new Demo(settings, data, progress, cancellation).Run();

        if (settings.Json)
            result.Comparison.WriteJson(Console.Out);
        else
            Write(settings, data, result);
        foreach (var (loss, failure) in result.Failures)
            Console.Error.WriteLine($"{loss} is left out: {failure.Message}");
        return result.Failures.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Write(DemoSettings settings, DemoData data, DemoResult result)
    {
        var console = AnsiConsole.Console;
        // The table must not be folded where the output is no terminal.
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
        console.MarkupLineInterpolated($"[bold]{data.Title}[/], {data.Sizes}");
        console.MarkupLineInterpolated(
            $"students {data.Pixels}-{settings.Hidden}-10, {settings.Steps} steps of {settings.Batch}; {settings.Students} for each seed and loss");
        result.Comparison.WriteTable(console);
        console.MarkupLineInterpolated($"learning rates chosen by development error: {string.Join(", ", result.Rates.Select(Rate))}");
        console.MarkupLineInterpolated(
            $"a teacher learns from {settings.Episodes} students; {(settings.Rates.Count * settings.TuningSeeds) + settings.Seeds} teachers were taught, {settings.Rates.Count * settings.TuningSeeds} of them to choose the rate");

        var bestFixed = result.Comparison.Rows.Where(row => row.Loss is not (LossTeacherExperiment.TaughtLossName or Repetition.OnAllLabels))
            .MinBy(row => row.TestError.Mean)!.Loss;
        string[] rivals = result.Failures.ContainsKey(LossTeacherExperiment.TaughtLossName) ? [] : [bestFixed, Repetition.OnAllLabels];
        foreach (var rival in rivals.Where(result.Results.ContainsKey))
            console.MarkupLineInterpolated($"{Against(result, rival)}");
    }

    // The difference to a rival in words. The best of several fixed losses on the test set is a harder rival than any named beforehand.
    private static string Against(DemoResult result, string rival)
    {
        double[] taught = [.. result.Results[LossTeacherExperiment.TaughtLossName].Select(seed => seed.TestError)];
        double[] theirs = [.. result.Results[rival].Select(seed => seed.TestError)];
        var change = 100 * (taught.Average() / theirs.Average() - 1);
        var p = taught.Length < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $" (paired t-test: p = {SeedStatistics.PairedTTest(taught, theirs):G2})");
        return string.Create(CultureInfo.InvariantCulture, $"L2T-DLF against {rival}: {change:+0.0;-0.0} % test errors{p}");
    }

    private static string Rate(KeyValuePair<string, double> rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.Key} {rate.Value}");
}
