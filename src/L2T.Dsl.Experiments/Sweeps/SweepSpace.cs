using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Settings;

namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>
/// The settings that a sweep tries: every combination of the listed values, and at each of them the same draws of the others, so that listed
/// values are compared on equal terms.
/// </summary>
/// <param name="settings">The settings that there are.</param>
/// <param name="nameOf">The name of a setting, of which another spelling may be given.</param>
internal sealed class SweepSpace(ExperimentSettings settings, Func<string, string> nameOf)
{
    private readonly List<(string Name, IReadOnlyList<string> Values)> _grid = [];
    private readonly List<(string Name, SweepRange Range)> _random = [];

    /// <summary>Adds a setting with all its values, <c>name=value,value</c>.</summary>
    /// <exception cref="L2TException">There is no such setting, it is there already, or a value is none of its.</exception>
    public void AddGrid(string text)
    {
        var (name, values) = Split("--grid", text);
        _grid.Add((name, [.. values.Split(',').Select(value => settings.Canonical(name, value)).Distinct()]));
    }

    /// <summary>Adds a setting that is drawn, <c>name=</c> and a <see cref="SweepRange"/>.</summary>
    /// <exception cref="L2TException">There is no such setting, it is there already, or the range is none.</exception>
    public void AddRandom(string text)
    {
        var (name, range) = Split("--random", text);
        _random.Add((name, SweepRange.Parse(settings, name, range)));
    }

    /// <summary>All combinations.</summary>
    /// <param name="draws">How many draws there are at each point of the grid.</param>
    /// <param name="seed">Of the draws.</param>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Points(int draws, int seed)
    {
        var drawn = Enumerable.Range(0, draws).Select(draw =>
        {
            var random = new SplitMix64(SplitMix64.Derive((ulong)seed, RandomUse.Sweep, (ulong)draw));
            return _random.Select(setting => (setting.Name, Value: setting.Range.Draw(ref random))).ToArray();
        }).ToArray();
        IEnumerable<(string Name, string Value)[]> grid = [[]];
        foreach (var (name, values) in _grid)
            grid = grid.SelectMany(point => values.Select(value => ((string Name, string Value)[])[.. point, (name, value)]));
        return [.. grid.SelectMany(point => drawn.Select(draw => point.Concat(draw).ToDictionary(pair => pair.Name, pair => pair.Value)))];
    }

    private (string Name, string Values) Split(string option, string text)
    {
        if (text.Split('=', 2) is not [{ Length: > 0 } given, { Length: > 0 } values])
            throw new L2TException($"{option} has '{text}'. Write NAME=VALUES, such as learning-rate=0.05,0.1.");
        var name = nameOf(given);
        if (_grid.Any(setting => setting.Name == name) || _random.Any(setting => setting.Name == name))
            throw new L2TException($"{name} is swept twice. Give all its values at once.");
        return (name, values);
    }
}
