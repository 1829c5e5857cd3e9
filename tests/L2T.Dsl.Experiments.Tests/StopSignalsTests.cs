using System.Diagnostics;
using System.Globalization;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>The signals that ask a program to stop.</summary>
public sealed class StopSignalsTests
{
    [Fact]
    public async Task The_first_one_cancels_and_ends_nothing()
    {
        using var signals = new StopSignals();
        Assert.False(signals.Token.IsCancellationRequested);

        // SIGTERM, to this very process: the others may be ignored, as where tests run in the background.
        using var kill = Process.Start("kill", ["-TERM", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();

        Assert.True(signals.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void One_a_second_later_ends_the_process_and_the_same_one_passed_on_does_not()
    {
        using var signals = new StopSignals();

        Assert.True(signals.Asks(Stopwatch.Frequency));
        Assert.True(signals.Asks(Stopwatch.Frequency * 19 / 10));
        Assert.False(signals.Asks(2 * Stopwatch.Frequency));
    }
}
