using System.Globalization;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;

namespace L2T.Dsl.Reporting;

/// <summary>Prints the memory that teaching will hold, then a line for every so many episodes, as they come.</summary>
/// <param name="writer">Where to.</param>
/// <param name="interval">How many episodes lie between two lines; the first and the last are always printed.</param>
public sealed class ProgressLines(TextWriter writer, int interval = 10) : IProgress<TeachingProgress>, IProgress<MemoryPlan>
{
    /// <inheritdoc/>
    public void Report(TeachingProgress value)
    {
        var record = value.Record;
        var done = record.Episode + 1;
        if (record.Episode != 0 && done != value.Episodes && done % interval != 0)
            return;
        var heldOut = record.HeldOutError is { } error ? $"  held out {value.Measure.Text(error)}" : "";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"episode {done,4}/{value.Episodes}  metric {record.Metric,7:F4}  dev error {value.Measure.Text(record.DevError)}{heldOut}  "
            + $"gradient {record.GradientNorm,8:G3}  {value.Elapsed:mm\\:ss}"));
    }

    /// <inheritdoc/>
    public void Report(MemoryPlan value) => writer.WriteLine(value);
}
