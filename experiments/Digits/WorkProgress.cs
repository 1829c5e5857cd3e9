using System.Diagnostics;
using System.Globalization;
using L2T.Dsl.Training;

namespace L2T.Experiments.Digits;

/// <summary>
/// Says how far the work is and how long it will still take: on a terminal in one line that changes, elsewhere in a line now and then.
/// Any thread may report.
/// </summary>
internal sealed class WorkProgress : IProgress<TeachingProgress>, IDisposable
{
    /// <summary>The cost of training a student: the unit of work.</summary>
    public const double Training = 1;

    /// <summary>The cost of an episode: a student trained, the way back through its training, and the figures between.</summary>
    public const double Episode = 3;

    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(15);

    private readonly TextWriter _writer;
    private readonly bool _isTerminal;
    private readonly double _total;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private double _done;
    private bool _ended;

    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">Whether a line there can be written over.</param>
    /// <param name="total">All the work there is.</param>
    public WorkProgress(TextWriter writer, bool isTerminal, double total)
    {
        _writer = writer;
        _isTerminal = isTerminal;
        _total = total;
        var interval = isTerminal ? TerminalInterval : LogInterval;
        _timer = new Timer(_ => Write(), null, interval, interval);
    }

    /// <summary>Counts work as done.</summary>
    public void Add(double work)
    {
        lock (_lock)
            _done += work;
    }

    /// <inheritdoc/>
    public void Report(TeachingProgress value) => Add(Episode);

    /// <summary>Ends the reports.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _ended = true;
            if (_isTerminal)
                _writer.Write("\r\x1b[K");
        }
    }

    private void Write()
    {
        lock (_lock)
        {
            if (_ended || _done == 0)
                return;
            var share = Math.Min(1, _done / _total);
            var left = _clock.Elapsed * (1 / share - 1);
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{100 * share,3:F0} % done after {_clock.Elapsed.TotalSeconds:F0} s, about {left.TotalSeconds:F0} s left");
            _writer.Write(_isTerminal ? $"\r{line}\x1b[K" : line + Environment.NewLine);
        }
    }
}
