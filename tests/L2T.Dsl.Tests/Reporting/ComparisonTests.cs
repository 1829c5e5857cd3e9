using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Metrics;
using L2T.Dsl.Reporting;
using Spectre.Console;

namespace L2T.Dsl.Tests.Reporting;

public sealed class ComparisonTests
{
    private static readonly SeedResult[] CrossEntropy = [new(1, 0.05, 0.10), new(2, 0.06, 0.12), new(3, 0.05, 0.11), new(4, 0.04, 0.13)];
    private static readonly SeedResult[] Taught = [new(3, 0.03, 0.08), new(1, 0.02, 0.09), new(2, 0.03, 0.10), new(4, 0.04, 0.11)];

    [Fact]
    public void Rows_pair_the_losses_seed_by_seed()
    {
        var comparison = Compared();

        var row = comparison.Rows[1];
        Assert.Equal(("L2T-DLF", 4), (row.Loss, row.Seeds));
        Assert.Equal(SeedStatistics.MeanInterval([0.09, 0.10, 0.08, 0.11]).Low, row.TestError.Low, 1e-12);
        Assert.Equal(0.03, row.DevError.Mean, 1e-12);
        Assert.Equal(SeedStatistics.PairedTTest([0.09, 0.10, 0.08, 0.11], [0.10, 0.12, 0.11, 0.13]), row.PValue!.Value, 1e-12);
        Assert.Equal(2.0 / 16, row.RankPValue!.Value, 1e-12);
        Assert.Equal(SeedStatistics.PairedEffectSize([0.09, 0.10, 0.08, 0.11], [0.10, 0.12, 0.11, 0.13]), row.EffectSize!.Value, 1e-12);
        Assert.True(row.EffectSize < 0);
        Assert.Null(comparison.Rows[0].PValue);
        Assert.Null(comparison.Rows[0].EffectSize);
    }

    [Fact]
    public void Json_has_one_object_a_line()
    {
        using var writer = new StringWriter();

        Compared().WriteJson(writer);

        var lines = writer.ToString().TrimEnd().Split(writer.NewLine).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            ["loss", "seeds", "testErrorMean", "testErrorLow", "testErrorHigh", "pValue", "effectSize"],
            lines[1].EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.095, lines[1].GetProperty("testErrorMean").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("pValue").ValueKind);
    }

    [Fact]
    public void The_table_prints_percents()
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 140;

        Compared("[brackets]").WriteTable(console);

        var text = writer.ToString();
        var cells = text.Split(writer.NewLine).Single(line => line.Contains("[brackets]")).Split('│', StringSplitOptions.TrimEntries);
        Assert.Equal(["", "[brackets]", "4", "3.00", "9.50", "7.45 .. 11.55", PValue(), "0.1250", "-2.45", ""], cells);
        Assert.Contains("against cross-entropy", text);

        static string PValue() => Compared().Rows[1].PValue!.Value.ToString("F4", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Squared_errors_are_no_percents_and_what_is_no_number_is_null()
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 140;
        var comparison = new Comparison("squared error", [new(1, 0.5, 0.01234), new(2, 0.5, 0.01236)], ErrorMeasure.MeanSquaredError);
        comparison.WriteTable(console);

        var text = writer.ToString();
        Assert.Contains("dev MSE", text);
        Assert.Equal("0.01235", text.Split(writer.NewLine).Single(line => line.Contains("squared error") && line.Contains('│')).Split('│', StringSplitOptions.TrimEntries)[4]);
        Assert.DoesNotContain("error %", text);

        using var json = new StringWriter();
        new Comparison("squared error", [new(1, 0.5, double.NaN)], ErrorMeasure.MeanSquaredError).WriteJson(json);
        Assert.Contains("\"testErrorMean\":null", json.ToString());
    }

    [Fact]
    public void A_single_seed_has_neither_interval_nor_test()
    {
        using var writer = new StringWriter();
        var comparison = new Comparison("cross-entropy", [CrossEntropy[0]]);

        comparison.Add("L2T-DLF", [Taught[1]]);
        comparison.WriteJson(writer);

        Assert.Null(comparison.Rows[1].PValue);
        Assert.Contains("\"testErrorLow\":null,\"testErrorHigh\":null,\"pValue\":null,\"effectSize\":null", writer.ToString());
    }

    [Fact]
    public void Losses_with_other_seeds_are_not_compared()
    {
        var fault = Assert.Throws<L2TException>(() => new Comparison("cross-entropy", CrossEntropy).Add("L2T-DLF", Taught[1..]));

        Assert.Contains("1, 2, 4", fault.Message);
        Assert.Throws<L2TException>(() => new Comparison("cross-entropy", []));
    }

    private static Comparison Compared(string loss = "L2T-DLF")
    {
        var comparison = new Comparison("cross-entropy", CrossEntropy);
        comparison.Add(loss, Taught);
        return comparison;
    }
}
