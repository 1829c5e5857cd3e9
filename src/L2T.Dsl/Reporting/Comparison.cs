using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Metrics;
using Spectre.Console;

namespace L2T.Dsl.Reporting;

/// <summary>How losses compare over the same seeds: a table for people, or one JSON object a line for programs.</summary>
public sealed class Comparison
{
    private readonly string _reference;
    private readonly ErrorMeasure _measure;
    private readonly List<ComparisonRow> _rows = [];
    private readonly List<SeedResult> _referenceResults;

    /// <param name="reference">The loss that the others are tested against.</param>
    /// <param name="results">Its results.</param>
    /// <param name="measure">What the errors of the results are.</param>
    /// <exception cref="L2TException">There are no results.</exception>
    public Comparison(string reference, IReadOnlyList<SeedResult> results, ErrorMeasure measure = ErrorMeasure.ErrorRate)
    {
        _measure = measure;
        _reference = reference;
        _referenceResults = [.. results.OrderBy(result => result.Seed)];
        _rows.Add(Row(reference, _referenceResults));
    }

    /// <summary>The reference, then the others as they were added.</summary>
    public IReadOnlyList<ComparisonRow> Rows => _rows;

    /// <summary>Adds a loss.</summary>
    /// <exception cref="L2TException">It was not run with the seeds of the reference, so that there are no pairs.</exception>
    public void Add(string loss, IReadOnlyList<SeedResult> results)
    {
        List<SeedResult> ordered = [.. results.OrderBy(result => result.Seed)];
        if (!ordered.Select(result => result.Seed).SequenceEqual(_referenceResults.Select(result => result.Seed)))
        {
            throw new L2TException($"'{loss}' was run with the seeds {Seeds(ordered)}, '{_reference}' with {Seeds(_referenceResults)}. "
                + "Run both with the same ones: they are compared in pairs.");
        }
        if (ordered.Count < 2)
        {
            _rows.Add(Row(loss, ordered));
            return;
        }
        double[] mine = [.. ordered.Select(result => result.TestError)];
        double[] theirs = [.. _referenceResults.Select(result => result.TestError)];
        _rows.Add(Row(loss, ordered) with
        {
            PValue = SeedStatistics.PairedTTest(mine, theirs),
            RankPValue = SeedStatistics.WilcoxonSignedRank(mine, theirs),
            EffectSize = SeedStatistics.PairedEffectSize(mine, theirs),
        });
    }

    /// <summary>Prints the table, error rates in percent.</summary>
    public void WriteTable(IAnsiConsole console)
    {
        var table = new Table().RoundedBorder();
        table.AddColumn("loss");
        foreach (var title in (string[])["seeds", $"dev {_measure.Title()}", $"test {_measure.Title()}", "95 % interval", "p (paired t)", "p (Wilcoxon)", "d"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var row in _rows)
        {
            table.AddRow(
                Markup.Escape(row.Loss),
                row.Seeds.ToString(CultureInfo.InvariantCulture),
                _measure.Number(row.DevError.Mean),
                _measure.Number(row.TestError.Mean),
                double.IsNaN(row.TestError.Low) ? "" : $"{_measure.Number(row.TestError.Low)} .. {_measure.Number(row.TestError.High)}",
                PValue(row.PValue),
                PValue(row.RankPValue),
                row.EffectSize?.ToString("F2", CultureInfo.InvariantCulture) ?? "");
        }
        console.Write(table);
        var least = SeedStatistics.LeastWilcoxonSignedRank(_referenceResults.Count);
        if (_rows.Count > 1 && _referenceResults.Count > 1 && least > 0.05)
            console.MarkupLineInterpolated($"{_referenceResults.Count} seeds: Wilcoxon's p is never below {least.ToString("G4", CultureInfo.InvariantCulture)}.");
        console.MarkupLineInterpolated($"p: two-sided, of the test errors against {_reference}, seed by seed; d: their mean difference in standard deviations (Cohen).");
    }

    /// <summary>
    /// Writes one JSON object a line: <c>loss</c>, <c>seeds</c>, <c>testErrorMean</c>, <c>testErrorLow</c>, <c>testErrorHigh</c> (shares of
    /// wrong answers, or mean squared errors, and the ends of the 95 % interval), <c>pValue</c> (paired t-test against the reference) and
    /// <c>effectSize</c> (Cohen's d of the pairs). What there is not is null.
    /// </summary>
    public void WriteJson(TextWriter writer)
    {
        foreach (var row in _rows)
        {
            writer.WriteLine(JsonSerializer.Serialize(new
            {
                loss = row.Loss,
                seeds = row.Seeds,
                testErrorMean = Finite(row.TestError.Mean),
                testErrorLow = Finite(row.TestError.Low),
                testErrorHigh = Finite(row.TestError.High),
                pValue = row.PValue,
                effectSize = row.EffectSize is { } effect ? Finite(effect) : null,
            }));
        }
    }

    private static ComparisonRow Row(string loss, List<SeedResult> results) => new(
        loss,
        results.Count,
        SeedStatistics.MeanInterval([.. results.Select(result => result.DevError)]),
        SeedStatistics.MeanInterval([.. results.Select(result => result.TestError)]),
        PValue: null,
        RankPValue: null,
        EffectSize: null);

    private static string PValue(double? p) => p switch
    {
        null => "",
        < 0.0001 => "< 0.0001",
        _ => p.Value.ToString("F4", CultureInfo.InvariantCulture),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Seeds(List<SeedResult> results) => string.Join(", ", results.Select(result => result.Seed));
}
