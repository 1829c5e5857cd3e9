namespace L2T.Dsl.Metrics;

/// <summary>
/// Exponential running average, corrected for its start at 0 as Adam's moments are:
/// m' = decay * m + (1 - decay) * x, average = m' / (1 - decay^n) after n values.
/// </summary>
/// <param name="decay">Weight of the past, in [0, 1).</param>
public struct RunningAverage(double decay)
{
    private double _moment;
    private double _weightOfStart = 1;

    /// <summary>The average; 0 before the first value.</summary>
    public readonly double Value => _weightOfStart == 1 ? 0 : _moment / (1 - _weightOfStart);

    /// <summary>All that the average depends on, for one of the same decay to go on from.</summary>
    internal RunningState State
    {
        readonly get => new(_moment, _weightOfStart);
        set => (_moment, _weightOfStart) = (value.Moment, value.WeightOfStart);
    }

    /// <summary>Takes a value in.</summary>
    public void Add(double value)
    {
        _moment = decay * _moment + (1 - decay) * value;
        _weightOfStart *= decay;
    }
}
