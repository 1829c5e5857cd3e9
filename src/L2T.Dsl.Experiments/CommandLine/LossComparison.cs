using System.Runtime.ExceptionServices;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>
/// Compares losses by students of the same seeds, that is starts and batches, and as many steps. Every loss, a teacher's too, has its learning
/// rate chosen from the same ones by the mean development error over seeds that are not compared. Test examples are evaluated once, at the end.
/// </summary>
internal sealed class LossComparison(LossTeacherExperiment experiment, ComparePlan plan, TextWriter? progress, CancellationToken cancellation)
{
    private sealed record Contender(string Name, Func<int, double, TrainedStudent> Train);

    /// <summary>Runs it.</summary>
    /// <param name="examples">A student of each loss, for curves.</param>
    public Comparison Run(out IReadOnlyList<TrainedStudent> examples)
    {
        Contender[] contenders =
        [
            .. plan.Losses.Select(loss => new Contender(loss, (seed, rate) => experiment.Train(loss, seed, rate, cancellation: cancellation))),
            .. plan.Teachers.Select(teacher => new Contender(teacher.Name, (seed, rate) => experiment.Train(teacher.Teacher, seed, rate, cancellation: cancellation))),
        ];
        // The reference leads the table; the order of the others stays.
        contenders = [.. contenders.OrderBy(contender => contender.Name != plan.Reference)];
        var rates = Tune(contenders);
        var students = new TrainedStudent[contenders.Length, plan.Seeds];
        Each(contenders.Length * plan.Seeds, i =>
        {
            var (loss, seed) = (i / plan.Seeds, i % plan.Seeds);
            students[loss, seed] = contenders[loss].Train(experiment.Seed + seed, rates[loss]);
        });
        examples = [.. contenders.Select((_, i) => students[i, 0])];
        var comparison = new Comparison(contenders[0].Name, Results(0), experiment.Data.Train.Measure);
        for (var i = 1; i < contenders.Length; i++)
            comparison.Add(contenders[i].Name, Results(i));
        return comparison;

        SeedResult[] Results(int loss) =>
        [
            .. Enumerable.Range(0, plan.Seeds).Select(seed => new SeedResult(
                experiment.Seed + seed, students[loss, seed].DevError, experiment.Evaluate(students[loss, seed], experiment.Data.Test).Error)),
        ];
    }

    private double[] Tune(Contender[] contenders)
    {
        var errors = new double[contenders.Length * plan.Rates.Count * plan.TuningSeeds];
        Each(errors.Length, i =>
        {
            var (pair, seed) = (i / plan.TuningSeeds, i % plan.TuningSeeds);
            try
            {
                errors[i] = contenders[pair / plan.Rates.Count].Train(experiment.Seed + plan.Seeds + seed, plan.Rates[pair % plan.Rates.Count]).DevError;
            }
            catch (NonFiniteException)
            {
                // A rate that is too high is not chosen.
                errors[i] = double.PositiveInfinity;
            }
        });
        var chosen = new double[contenders.Length];
        for (var i = 0; i < contenders.Length; i++)
        {
            var loss = i;
            chosen[i] = plan.Rates[Enumerable.Range(0, plan.Rates.Count).MinBy(rate =>
                errors.AsSpan((loss * plan.Rates.Count + rate) * plan.TuningSeeds, plan.TuningSeeds).ToArray().Average())];
            progress?.WriteLine(FormattableString.Invariant($"{contenders[i].Name}: learning rate {chosen[i]}{Remark(chosen[i])}"));
        }
        return chosen;

        // Beyond the end of the range there may be a better one.
        string Remark(double rate) => plan.Rates.Count == 1 ? ""
            : rate == plan.Rates.Max() ? ", the highest of --rates: a higher one may do better"
            : rate == plan.Rates.Min() ? ", the lowest of --rates: a lower one may do better"
            : "";
    }

    private void Each(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = plan.Parallel, CancellationToken = cancellation }, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
    }
}
