using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Scoring;

namespace L2T.Dsl.Translation.Baselines;

/// <summary>
/// Translates word for word, each by the word that it most probably becomes, wherever it stands: what a translator that has learnt anything about
/// sentences must beat. The probabilities are those of IBM model 1 (Brown et al. 1993, section 4.1), learnt by expectation and maximisation;
/// words that stand for nothing in the source have an empty word to come from. Words are cut by <see cref="Mteval13a"/>.
/// </summary>
public sealed class WordDictionary
{
    private const int EmptyWord = 0;

    private readonly Dictionary<string, string> _translations;

    private WordDictionary(Dictionary<string, string> translations) => _translations = translations;

    /// <summary>Number of words that have a translation.</summary>
    public int Count => _translations.Count;

    /// <summary>Learns from pairs of sentences.</summary>
    /// <param name="text">The pairs.</param>
    /// <param name="iterations">Rounds of expectation and maximisation.</param>
    /// <exception cref="L2TException">There is no iteration.</exception>
    public static WordDictionary Learn(ParallelText text, int iterations = 5)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (iterations < 1)
            throw new L2TException($"A dictionary learnt in {iterations} iterations. Use at least 1.");
        var sources = new Numbers();
        var targets = new Numbers();
        sources.Of(""); // the empty word, first
        int[][] left = [.. text.Sources.Select(sentence => (int[])[EmptyWord, .. Mteval13a.Tokenize(sentence).Select(sources.Of)])];
        int[][] right = [.. text.Targets.Select(sentence => Mteval13a.Tokenize(sentence).Select(targets.Of).ToArray())];

        // Words that occur in a pair together, and where in the list of these each place of each pair is.
        var couples = new List<Couple>();
        var numbers = new Dictionary<long, int>();
        int[][] places = [.. left.Zip(right, (words, others) => others.SelectMany(other => words.Select(word => NumberOf(word, other))).ToArray())];
        var probabilities = Enumerable.Repeat(1.0, couples.Count).ToArray();
        for (var i = 0; i < iterations; i++)
            probabilities = Improve(probabilities, couples, left, places, sources.Count);

        var best = new (double Probability, string Word)[sources.Count];
        for (var i = 0; i < couples.Count; i++)
        {
            var word = targets.Words[couples[i].Target];
            var (probability, other) = best[couples[i].Source];
            if (probabilities[i] > probability || (probabilities[i] == probability && string.CompareOrdinal(word, other) < 0))
                best[couples[i].Source] = (probabilities[i], word);
        }
        return new WordDictionary(Enumerable.Range(EmptyWord + 1, sources.Count - 1).ToDictionary(source => sources.Words[source], source => best[source].Word));

        int NumberOf(int source, int target)
        {
            var key = ((long)source << 32) | (uint)target;
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers.Add(key, number = couples.Count);
                couples.Add(new Couple(source, target));
            }
            return number;
        }
    }

    /// <summary>The words of a sentence, each replaced by its translation, or itself where it has none, with spaces between them.</summary>
    public string Translate(string sentence) => string.Join(' ', Mteval13a.Tokenize(sentence).Select(word => _translations.GetValueOrDefault(word, word)));

    // Each word of the target comes from the words of the source in the shares of their probabilities; these become the shares of what they gave.
    private static double[] Improve(double[] probabilities, List<Couple> couples, int[][] left, int[][] places, int sources)
    {
        var counts = new double[probabilities.Length];
        for (var pair = 0; pair < left.Length; pair++)
        {
            var rest = places[pair].AsSpan();
            for (var width = left[pair].Length; !rest.IsEmpty; rest = rest[width..])
            {
                var sum = 0.0;
                foreach (var place in rest[..width])
                    sum += probabilities[place];
                foreach (var place in rest[..width])
                    counts[place] += probabilities[place] / sum;
            }
        }
        var totals = new double[sources];
        for (var i = 0; i < counts.Length; i++)
            totals[couples[i].Source] += counts[i];
        for (var i = 0; i < counts.Length; i++)
            counts[i] /= totals[couples[i].Source];
        return counts;
    }

    private readonly record struct Couple(int Source, int Target);

    private sealed class Numbers
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public List<string> Words { get; } = [];

        public int Count => Words.Count;

        public int Of(string word)
        {
            if (!_numbers.TryGetValue(word, out var number))
            {
                _numbers.Add(word, number = Words.Count);
                Words.Add(word);
            }
            return number;
        }
    }
}
