using System.Diagnostics;
using System.Globalization;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>The signals that ask a program to stop, sent to this very process.</summary>
public sealed class StopSignalsTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task The_first_signal_cancels_and_ends_nothing(string signal)
    {
        using var signals = new StopSignals();
        Assert.False(signals.Token.IsCancellationRequested);

        // As from a batch system that signals all processes of a job, 'dotnet run' among them.
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", [$"-{signal}", self, self]);
        await kill.WaitForExitAsync();

        Assert.True(signals.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
    }
}
