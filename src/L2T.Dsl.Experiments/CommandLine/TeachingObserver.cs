using System.Diagnostics;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>Logs every episode, and says at most once a second how far teaching has come.</summary>
/// <param name="log">The log.</param>
/// <param name="writer">Where to; null: nowhere.</param>
/// <param name="before">How many episodes an earlier call has taught.</param>
internal sealed class TeachingObserver(MetricsLog log, TextWriter? writer, int before) : IProgress<TeachingProgress>, IProgress<MemoryPlan>
{
    private long _said;

    public void Report(TeachingProgress value)
    {
        log.Add(value.Record, value.Coefficients);
        var done = value.Record.Episode + 1;
        if (writer is null || (done != value.Episodes && _said != 0 && Stopwatch.GetElapsedTime(_said) < TimeSpan.FromSeconds(1)))
            return;
        _said = Stopwatch.GetTimestamp();
        var left = value.Elapsed / (done - before) * (value.Episodes - done);
        var heldOut = value.Record.HeldOutError is { } error ? $"  held out {value.Measure.Text(error)}" : "";
        writer.WriteLine(FormattableString.Invariant(
            $"episode {done,4}/{value.Episodes}  metric {value.Record.Metric,7:F4}  dev error {value.Measure.Text(value.Record.DevError)}{heldOut}  {value.Elapsed:hh\\:mm\\:ss} gone, {left:hh\\:mm\\:ss} left"));
    }

    public void Report(MemoryPlan value) => writer?.WriteLine(value);
}
