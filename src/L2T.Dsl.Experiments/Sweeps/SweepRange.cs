using System.Globalization;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Settings;

namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>
/// What a setting is drawn from: a list, <c>a,b,c</c>; an interval, <c>0.1..0.5</c>; or an interval in which each power of ten is as likely as
/// another, <c>log:1e-4..1e-1</c>. Of whole numbers both ends can be drawn; others are drawn to four digits, so that what is printed is what was run.
/// </summary>
internal sealed class SweepRange
{
    private const string Logarithmic = "log:";

    private readonly IReadOnlyList<string>? _values;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _isLogarithmic;
    private readonly bool _isWhole;

    private SweepRange(IReadOnlyList<string>? values, double low, double high, bool isLogarithmic, bool isWhole)
    {
        _values = values;
        _low = low;
        _high = high;
        _isLogarithmic = isLogarithmic;
        _isWhole = isWhole;
    }

    /// <summary>The range that <paramref name="text"/> says.</summary>
    /// <exception cref="L2TException">It says none, or one of other values than the setting has.</exception>
    public static SweepRange Parse(ExperimentSettings settings, string name, string text)
    {
        var isLogarithmic = text.StartsWith(Logarithmic, StringComparison.Ordinal);
        var ends = (isLogarithmic ? text[Logarithmic.Length..] : text).Split("..");
        if (ends.Length == 1 && !isLogarithmic)
            return new SweepRange([.. text.Split(',').Select(value => settings.Canonical(name, value))], 0, 0, false, false);
        var type = settings.TypeOf(name);
        var isWhole = type == typeof(int) || type == typeof(long);
        if (!isWhole && type != typeof(double))
            throw new L2TException($"--random {name}={text}: {name} is not a number. List its values: {name}=a,b.");
        if (ends.Length != 2)
            throw new L2TException($"--random {name}={text} is no interval. Write {name}=LOW..HIGH or {name}=log:LOW..HIGH.");
        var low = End(ends[0]);
        var high = End(ends[1]);
        if (!(low < high) || (isLogarithmic && !(low > 0)))
            throw new L2TException($"--random {name}={text}: the first number must be less than the second{(isLogarithmic ? ", and both positive" : "")}.");
        return new SweepRange(null, low, high, isLogarithmic, isWhole);

        double End(string value) => double.Parse(settings.Canonical(name, value), CultureInfo.InvariantCulture);
    }

    /// <summary>A value of the setting.</summary>
    public string Draw(ref SplitMix64 random)
    {
        if (_values is not null)
            return _values[(int)random.NextBelow((ulong)_values.Count)];
        if (_isWhole && !_isLogarithmic)
            return ((long)_low + (long)random.NextBelow((ulong)(_high - _low) + 1)).ToString(CultureInfo.InvariantCulture);
        // 53 bits: uniform in [0, 1).
        var share = (random.Next() >> 11) * Math.ScaleB(1, -53);
        if (_isWhole)
            return Math.Clamp(Math.Floor(_low * Math.Pow((_high + 1) / _low, share)), _low, _high).ToString("F0", CultureInfo.InvariantCulture);
        var value = _isLogarithmic ? _low * Math.Pow(_high / _low, share) : _low + share * (_high - _low);
        return double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
    }
}
