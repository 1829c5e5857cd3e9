using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using L2T.Dsl;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Experiments.Digits;

/// <summary>
/// The comparison. Every loss has the same students, steps and schedule, and its learning rate chosen from the same list on the same tuning
/// repetitions by development error; for the taught loss that means a teacher for every rate in each of them. Then every repetition draws its
/// examples, teaches a teacher of its own, and trains fresh students with every loss. The test set is looked at when all of that is done.
/// </summary>
/// <param name="settings">The command line.</param>
/// <param name="data">The examples, which stay the caller's.</param>
/// <param name="progress">Told of the work as it is done; null where nobody listens.</param>
/// <param name="cancellation">Ends the demo between two steps of training.</param>
internal sealed class Demo(DemoSettings settings, DemoData data, WorkProgress? progress, CancellationToken cancellation)
{
    private const string Taught = LossTeacherExperiment.TaughtLossName;

    // Far from the seeds of the repetitions that count: no rate is chosen on their draws.
    private const int TuningOffset = 1_000_000;

    private static readonly IReadOnlyList<string> FixedLosses = new DigitsExperiment { Student = new DigitsMlp(1, 1) }.FixedLosses;

    /// <summary>All the work there is for these settings, in the unit of <see cref="WorkProgress"/>.</summary>
    public static double Work(DemoSettings settings)
    {
        var taught = settings.Rates.Count * settings.TuningSeeds + settings.Seeds;
        var trained = taught + FixedLosses.Count * settings.Rates.Count * settings.TuningSeeds + (FixedLosses.Count + 1) * settings.Seeds;
        return taught * settings.Episodes * WorkProgress.Episode + trained * settings.Students * WorkProgress.Training;
    }

    /// <summary>Runs it all.</summary>
    /// <exception cref="L2TException">A setting does not fit the data, or training fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public DemoResult Run()
    {
        // The taught loss first: what takes longest should not come last.
        string[] losses = [Taught, .. FixedLosses];
        var rates = Tune(losses);

        using var repetitions = new Repetitions(settings, data, settings.Seed, settings.Seeds);
        string[] rows = [.. losses, Repetition.OnAllLabels];
        var runs = Train(repetitions, [.. rows.Select(loss => (loss, rates[loss == Repetition.OnAllLabels ? Repetition.Reference : loss]))]);

        // A loss that fails in one repetition is left out; the others are not lost.
        var failures = rows.Zip(runs).Select(row => (Loss: row.First, row.Second.FirstOrDefault(run => run.Failure is not null)?.Failure))
            .Where(row => row.Failure is not null).ToDictionary(row => row.Loss, row => row.Failure!);
        if (failures.TryGetValue(Repetition.Reference, out var failure))
            throw failure;
        var results = rows.Zip(runs).Where(row => !failures.ContainsKey(row.First)).ToDictionary(
            row => row.First,
            IReadOnlyList<SeedResult> (row) => [.. repetitions.Zip(row.Second, (repetition, run) => repetition.Test(run))]);

        var comparison = new Comparison(Repetition.Reference, results[Repetition.Reference]);
        string[] others = [.. FixedLosses.Except([Repetition.Reference]), Repetition.OnAllLabels, Taught];
        foreach (var loss in others.Where(results.ContainsKey))
            comparison.Add(loss, results[loss]);
        return new DemoResult(comparison, rates, results, failures);
    }

    // For each loss the learning rate of the lowest mean development error.
    private Dictionary<string, double> Tune(string[] losses)
    {
        using var repetitions = new Repetitions(settings, data, unchecked(settings.Seed + TuningOffset), settings.TuningSeeds);
        (string Loss, double Rate)[] candidates = [.. losses.SelectMany(loss => settings.Rates.Select(rate => (loss, rate)))];
        var runs = Train(repetitions, candidates);
        return candidates.Zip(runs).GroupBy(candidate => candidate.First.Loss).ToDictionary(loss => loss.Key, loss =>
        {
            // A rate at which a student diverges is too high.
            var fit = loss.Where(candidate => candidate.Second.All(run => run.Failure is null)).ToList();
            if (fit.Count > 0)
                return fit.MinBy(candidate => candidate.Second.Average(run => run.DevError)).First.Rate;
            var failure = loss.First().Second.First(run => run.Failure is not null).Failure!;
            throw new L2TException(string.Create(
                CultureInfo.InvariantCulture, $"{loss.Key} fails at every learning rate of --rates. At {loss.First().First.Rate}: {failure.Message}"), failure);
        });
    }

    // runs[candidate][repetition]
    private LossRun[][] Train(Repetitions repetitions, (string Loss, double Rate)[] candidates)
    {
        LossRun[][] runs = [.. candidates.Select(_ => new LossRun[repetitions.Count])];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = settings.Threads ?? Environment.ProcessorCount };
        try
        {
            // One at a time, in order: blocks of them would leave the long ones to one thread.
            var jobs = Partitioner.Create(
                Enumerable.Range(0, candidates.Length * repetitions.Count), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(jobs, options, job =>
            {
                var (candidate, repetition) = Math.DivRem(job, repetitions.Count);
                var (loss, rate) = candidates[candidate];
                runs[candidate][repetition] = repetitions[repetition].Train(loss, rate, progress, cancellation);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
        return runs;
    }
}
