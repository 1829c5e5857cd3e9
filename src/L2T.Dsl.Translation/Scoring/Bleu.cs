namespace L2T.Dsl.Translation.Scoring;

/// <summary>
/// BLEU of n-grams up to 4 (Papineni et al. 2002), computed as sacreBLEU does (Post 2018), whose figures it gives. References are sets of
/// sentences, each with one for every hypothesis; where there are several sets, an empty or null sentence means that a set has none there.
/// </summary>
public static class Bleu
{
    /// <summary>BLEU of a text, all sentences together.</summary>
    /// <param name="hypotheses">The translations to score.</param>
    /// <param name="references">One or more sets of right translations.</param>
    /// <param name="tokenization">How words are cut.</param>
    /// <param name="smoothing">What stands in for a precision of 0.</param>
    /// <exception cref="L2TException">There is nothing to score, or a set of references has another number of sentences.</exception>
    public static BleuScore OfText(
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<IReadOnlyList<string?>> references,
        BleuTokenization tokenization = BleuTokenization.Mteval13a,
        BleuSmoothing smoothing = BleuSmoothing.Exponential)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        if (hypotheses.Count == 0 || references.Count == 0)
            throw new L2TException($"BLEU of {hypotheses.Count} hypotheses and {references.Count} sets of references. Give at least one of each.");
        if (references.FirstOrDefault(set => set.Count != hypotheses.Count) is { } other)
            throw new L2TException($"BLEU of {hypotheses.Count} hypotheses, but {other.Count} references. Give one for each, in the same order.");
        var counts = new NgramCounts();
        var words = new WordNumbers(tokenization);
        for (var i = 0; i < hypotheses.Count; i++)
        {
            int[][] right = [.. references.Select(set => set[i]).Where(sentence => !string.IsNullOrEmpty(sentence)).Select(sentence => words.Of(sentence!))];
            if (right.Length == 0 && references.Count > 1)
                throw new L2TException($"BLEU: hypothesis {i + 1} has no reference in any set. Give one.");
            counts.Add(words.Of(hypotheses[i]), right.Length == 0 ? [[]] : right);
        }
        return counts.Score(smoothing, effectiveOrder: false);
    }

    /// <summary>BLEU of a text with one reference for each hypothesis.</summary>
    /// <inheritdoc cref="OfText(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string?}}, BleuTokenization, BleuSmoothing)"/>
    public static BleuScore OfText(
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<string> references,
        BleuTokenization tokenization = BleuTokenization.Mteval13a,
        BleuSmoothing smoothing = BleuSmoothing.Exponential) => OfText(hypotheses, [references], tokenization, smoothing);

    /// <summary>BLEU of one sentence. Orders that it is too short for do not count (sacreBLEU's effective order).</summary>
    /// <param name="hypothesis">The translation to score.</param>
    /// <param name="references">One or more right translations.</param>
    /// <param name="tokenization">How words are cut.</param>
    /// <param name="smoothing">What stands in for a precision of 0.</param>
    /// <exception cref="L2TException">There is no reference.</exception>
    public static BleuScore OfSentence(
        string hypothesis,
        IReadOnlyList<string> references,
        BleuTokenization tokenization = BleuTokenization.Mteval13a,
        BleuSmoothing smoothing = BleuSmoothing.Exponential)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count == 0)
            throw new L2TException("BLEU of a sentence without references. Give at least one.");
        var counts = new NgramCounts();
        var words = new WordNumbers(tokenization);
        counts.Add(words.Of(hypothesis), [.. references.Select(words.Of)]);
        return counts.Score(smoothing, effectiveOrder: true);
    }

    /// <summary>BLEU of one sentence of tokens, as <see cref="OfSentence"/>: for scores within training, where no words are at hand.</summary>
    /// <param name="hypothesis">The tokens of the translation to score, without those that begin, end or pad.</param>
    /// <param name="reference">The tokens of the right translation.</param>
    /// <param name="smoothing">What stands in for a precision of 0.</param>
    public static BleuScore OfTokens(ReadOnlySpan<int> hypothesis, ReadOnlySpan<int> reference, BleuSmoothing smoothing = BleuSmoothing.Exponential)
    {
        var counts = new NgramCounts();
        counts.Add(hypothesis, [reference.ToArray()]);
        return counts.Score(smoothing, effectiveOrder: true);
    }

    private sealed class WordNumbers(BleuTokenization tokenization)
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public int[] Of(string sentence)
        {
            var words = tokenization switch
            {
                BleuTokenization.Mteval13a => Mteval13a.Tokenize(sentence),
                BleuTokenization.Spaces => sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
                _ => throw new L2TException($"There is no BleuTokenization {tokenization}."),
            };
            var numbers = new int[words.Length];
            for (var i = 0; i < words.Length; i++)
            {
                if (!_numbers.TryGetValue(words[i], out numbers[i]))
                    _numbers.Add(words[i], numbers[i] = _numbers.Count);
            }
            return numbers;
        }
    }
}
