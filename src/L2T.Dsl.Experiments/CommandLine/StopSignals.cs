using System.Diagnostics;
using System.Runtime.InteropServices;

namespace L2T.Dsl.Experiments;

/// <summary>
/// What asks a program to stop: Ctrl-C (SIGINT), SIGTERM, as from a batch system or a shutdown, and SIGHUP, from a terminal that closes. The first
/// signal cancels <see cref="Token"/>, so that a training ends at its next step with everything saved; another one, a second or more later, ends the process.
/// </summary>
public sealed class StopSignals : IDisposable
{
    // A signal to a whole group of processes reaches a program twice that 'dotnet run' started: directly, and passed on.
    private static readonly TimeSpan Repeated = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    /// <summary>Listens until disposed.</summary>
    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        // The source of the token is left to the collector: a signal may be on its way.
    }

    /// <summary>Whether a signal at this time, in ticks of <see cref="Stopwatch"/>, asks to stop, and does not end the process.</summary>
    internal bool Asks(long now)
    {
        var first = Interlocked.CompareExchange(ref _first, now, 0);
        return first == 0 || Stopwatch.GetElapsedTime(first, now) < Repeated;
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = Asks(Stopwatch.GetTimestamp());
        _stop.Cancel();
    }
}
