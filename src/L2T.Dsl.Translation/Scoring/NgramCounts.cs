namespace L2T.Dsl.Translation.Scoring;

/// <summary>The sums over sentences that BLEU is made of: right n-grams, all n-grams, and lengths (Papineni et al. 2002, section 2).</summary>
internal sealed class NgramCounts
{
    public const int MaxOrder = 4;

    private readonly long[] _right = new long[MaxOrder];
    private readonly long[] _all = new long[MaxOrder];
    private long _hypothesisLength;
    private long _referenceLength;

    /// <summary>Adds a sentence.</summary>
    /// <param name="hypothesis">Its words, as numbers.</param>
    /// <param name="references">The words of its references; at least one.</param>
    public void Add(ReadOnlySpan<int> hypothesis, params IReadOnlyList<int[]> references)
    {
        var allowed = new Dictionary<Ngram, int>();
        var nearest = references[0].Length;
        foreach (var reference in references)
        {
            foreach (var (ngram, count) in Count(reference))
                allowed[ngram] = Math.Max(allowed.GetValueOrDefault(ngram), count);
            // Of two that are as near, the shorter.
            var (distance, least) = (Math.Abs(reference.Length - hypothesis.Length), Math.Abs(nearest - hypothesis.Length));
            if (distance < least || (distance == least && reference.Length < nearest))
                nearest = reference.Length;
        }
        foreach (var (ngram, count) in Count(hypothesis))
        {
            _all[ngram.Order - 1] += count;
            _right[ngram.Order - 1] += Math.Min(count, allowed.GetValueOrDefault(ngram));
        }
        _hypothesisLength += hypothesis.Length;
        _referenceLength += nearest;
    }

    /// <param name="smoothing">What stands in for a precision of 0.</param>
    /// <param name="effectiveOrder">Whether orders that no hypothesis is long enough for are left out instead of making the score 0.</param>
    public BleuScore Score(BleuSmoothing smoothing, bool effectiveOrder)
    {
        var brevity = _hypothesisLength >= _referenceLength ? 1
            : _hypothesisLength == 0 ? 0
            : Math.Exp(1 - ((double)_referenceLength / _hypothesisLength));
        var precisions = new double[MaxOrder];
        var orders = _all.Count(count => count > 0);
        // Not one word is right: no smoothing makes that better than nothing.
        if (_right[0] == 0)
            return new BleuScore(0, precisions, brevity, _hypothesisLength, _referenceLength);
        var share = 1.0;
        for (var i = 0; i < orders; i++)
        {
            if (_right[i] == 0 && smoothing == BleuSmoothing.Exponential)
                share /= 2;
            precisions[i] = 100 * (_right[i] > 0 ? _right[i] : smoothing == BleuSmoothing.Exponential ? share : 0) / _all[i];
        }
        var used = precisions.AsSpan(0, effectiveOrder ? orders : MaxOrder).ToArray();
        var score = used.Contains(0) ? 0 : brevity * Math.Exp(used.Average(Math.Log));
        return new BleuScore(score, precisions, brevity, _hypothesisLength, _referenceLength);
    }

    private static Dictionary<Ngram, int> Count(ReadOnlySpan<int> words)
    {
        var counts = new Dictionary<Ngram, int>();
        for (var order = 1; order <= MaxOrder; order++)
        {
            for (var start = 0; start + order <= words.Length; start++)
            {
                var ngram = Ngram.Of(words.Slice(start, order));
                counts[ngram] = counts.GetValueOrDefault(ngram) + 1;
            }
        }
        return counts;
    }

    private readonly record struct Ngram(int Order, int First, int Second, int Third, int Fourth)
    {
        public static Ngram Of(ReadOnlySpan<int> words) =>
            new(words.Length, words[0], words.Length > 1 ? words[1] : 0, words.Length > 2 ? words[2] : 0, words.Length > 3 ? words[3] : 0);
    }
}
