using System.Text.Json.Serialization;

namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>One combination of settings, and what came of it.</summary>
/// <param name="Number">1, 2, ... in the order of the sweep.</param>
/// <param name="Settings">The swept settings, by name.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Errors">The error of each seed's student; empty where there is no result.</param>
/// <param name="Failure">Why it failed; else null.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record SweepTrial(
    int Number,
    IReadOnlyDictionary<string, string> Settings,
    TrialState State,
    IReadOnlyList<double> Errors,
    string? Failure,
    double Seconds)
{
    /// <summary>The settings as they are given to a command.</summary>
    [JsonIgnore]
    public string Options => string.Join(' ', Settings.Select(pair => $"--{pair.Key} {pair.Value}"));
}
