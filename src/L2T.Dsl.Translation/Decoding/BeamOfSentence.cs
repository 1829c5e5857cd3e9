using L2T.Dsl.Translation.Subwords;

namespace L2T.Dsl.Translation.Decoding;

/// <summary>The hypotheses of one sentence: those that are followed, all as long, and those that have ended.</summary>
internal sealed class BeamOfSentence(int sentence, BeamOptions options)
{
    private readonly List<Hypothesis> _done = [];

    /// <summary>The sentence's position among those that are decoded together.</summary>
    public int Sentence { get; } = sentence;

    /// <summary>What is followed, the most probable first.</summary>
    public List<Prefix> Active { get; private set; } = [new([], 0)];

    /// <summary>Whether nothing is left to follow, or enough has ended.</summary>
    public bool IsDone => Active.Count == 0 || _done.Count >= options.Width;

    /// <summary>What has ended, the best first.</summary>
    public IReadOnlyList<Hypothesis> Done => [.. _done.OrderByDescending(hypothesis => hypothesis.Score).Take(options.Width)];

    /// <summary>Goes on by one token.</summary>
    /// <param name="tokens">The same number of tokens for each of <see cref="Active"/>.</param>
    /// <param name="logProbabilities">Theirs.</param>
    public void Extend(ReadOnlySpan<long> tokens, ReadOnlySpan<double> logProbabilities)
    {
        var each = tokens.Length / Active.Count;
        var next = new List<(double LogProbability, int Parent, int Token)>(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            var total = Active[i / each].LogProbability + logProbabilities[i];
            if (double.IsFinite(total))
                next.Add((total, i / each, (int)tokens[i]));
        }
        // Stable: of candidates as probable, the one of the better hypothesis.
        var candidates = next.OrderByDescending(candidate => candidate.LogProbability).Take(2 * options.Width).ToList();
        var active = new List<Prefix>();
        var atLimit = Active[0].Tokens.Count == options.MaxTokens;
        for (var rank = 0; rank < candidates.Count; rank++)
        {
            var (total, parent, token) = candidates[rank];
            var before = Active[parent].Tokens;
            if (token != SubwordVocabulary.Eos)
            {
                if (active.Count < options.Width)
                    active.Add(new Prefix([.. before, token], total));
            }
            else if (rank < options.Width || atLimit)
            {
                _done.Add(new Hypothesis(before, total, options.Score(total, before.Count + 1)));
            }
        }
        // A student that gives every continuation probability 0 has ended too.
        if (active.Count == 0 && _done.Count == 0)
            _done.Add(new Hypothesis(Active[0].Tokens, double.NegativeInfinity, double.NegativeInfinity));
        Active = active;
    }

    /// <summary>A beginning of a translation.</summary>
    /// <param name="Tokens">Its tokens, without <see cref="SubwordVocabulary.Bos"/>.</param>
    /// <param name="LogProbability">Theirs.</param>
    public sealed record Prefix(List<int> Tokens, double LogProbability);
}
