using L2T.Dsl.Metrics;

namespace L2T.Dsl.Tests.Metrics;

public sealed class RunningAverageTests
{
    [Fact]
    public void Starts_at_zero_and_then_has_no_bias()
    {
        var average = new RunningAverage(0.9);
        Assert.Equal(0, average.Value);

        average.Add(3);
        Assert.Equal(3, average.Value, 1e-12);

        average.Add(5);
        // (0.1 * 5 + 0.09 * 3) / 0.19
        Assert.Equal(0.77 / 0.19, average.Value, 1e-12);
    }
}
