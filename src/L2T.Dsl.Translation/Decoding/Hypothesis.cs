namespace L2T.Dsl.Translation.Decoding;

/// <summary>A translation found by search.</summary>
/// <param name="Tokens">Its tokens, without those that begin and end it.</param>
/// <param name="LogProbability">Their log-probability, with that of the end.</param>
/// <param name="Score">The log-probability over the length penalty, which hypotheses are ordered by.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score);
