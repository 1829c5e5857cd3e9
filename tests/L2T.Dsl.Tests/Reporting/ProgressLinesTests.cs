using L2T.Dsl.Metrics;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Reporting;

public sealed class ProgressLinesTests
{
    [Fact]
    public void Prints_the_first_the_last_and_every_so_many()
    {
        using var writer = new StringWriter();
        var lines = new ProgressLines(writer, interval: 5);

        for (var episode = 0; episode < 12; episode++)
            lines.Report(new TeachingProgress(new EpisodeRecord(episode, 0.5, 0.125, 0.25, 1, 0.01, [], 0.001), 12, TimeSpan.FromSeconds(61)));

        var printed = writer.ToString().TrimEnd().Split(writer.NewLine);
        Assert.Equal(["1/12", "5/12", "10/12", "12/12"], printed.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Contains("dev error 12.50 %", printed[0]);
        Assert.Contains("held out 25.00 %", printed[0]);
        Assert.EndsWith("01:01", printed[0]);
    }

    [Fact]
    public void Squared_errors_are_no_percents()
    {
        using var writer = new StringWriter();

        new ProgressLines(writer).Report(new TeachingProgress(
            new EpisodeRecord(0, -0.5, 0.01234, 12345.6, 1, 0.01, [], 0.001), 12, TimeSpan.FromSeconds(61), ErrorMeasure.MeanSquaredError));

        Assert.Contains("dev error 0.01234  held out 1.235E+04  gradient", writer.ToString());
        Assert.DoesNotContain("%", writer.ToString());
    }
}
