using System.Globalization;
using Spectre.Console;

namespace L2T.Experiments.Benchmarks;

/// <summary>The table of a benchmark of steps.</summary>
internal static class StepTable
{
    /// <summary>Times, peaks, and the ratios that matter: absolute times of a shared machine say little.</summary>
    public static Table Of(IEnumerable<StepTimes> rows)
    {
        var table = new Table().AddColumns(
            "case", "autograd step ms", "generated ms", "ratio", "double backward ms", "reverse ms", "to step", "faster", "double peak MB", "reverse peak MB", "ratio");
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var row in rows)
        {
            table.AddRow(
                row.Case,
                Number(row.PlainMs, "F3"),
                Number(row.GeneratedMs, "F3"),
                Number(row.GeneratedMs / row.PlainMs, "F2"),
                Number(row.DoubleBackwardMs, "F3"),
                Number(row.ReverseMs, "F3"),
                Number(row.ReverseMs / row.PlainMs, "F2"),
                Number(row.DoubleBackwardMs / row.ReverseMs, "F2"),
                Number(row.DoubleBackwardPeakBytes / 1e6, "F2"),
                Number(row.ReversePeakBytes / 1e6, "F2"),
                Number((double)row.ReversePeakBytes / row.DoubleBackwardPeakBytes, "F2"));
        }

        return table;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
