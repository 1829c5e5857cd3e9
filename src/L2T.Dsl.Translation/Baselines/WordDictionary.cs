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
        var numbers = new Dictionary<(int Source, int Target), int>();
        int[][] places = [.. left.Zip(right, (words, others) => others.SelectMany(other => words.Select(word => NumberOf((word, other)))).ToArray())];
        var probabilities = Enumerable.Repeat(1.0, numbers.Count).ToArray();
        for (var i = 0; i < iterations; i++)
            probabilities = Improve(probabilities, left, right, places, sources.Count);

        var best = new (double Probability, string Word)[sources.Count];
        foreach (var ((source, target), number) in numbers)
        {
            var word = targets.Words[target];
            var (probability, other) = best[source];
            if (probabilities[number] > probability || (probabilities[number] == probability && string.CompareOrdinal(word, other) < 0))
                best[source] = (probabilities[number], word);
        }
        return new WordDictionary(Enumerable.Range(EmptyWord + 1, sources.Count - 1).ToDictionary(source => sources.Words[source], source => best[source].Word));

        int NumberOf((int Source, int Target) words)
        {
            if (!numbers.TryGetValue(words, out var number))
                numbers.Add(words, number = numbers.Count);
            return number;
        }
    }

    /// <summary>The words of a sentence, each replaced by its translation, or itself where it has none, with spaces between them.</summary>
    public string Translate(string sentence) => string.Join(' ', Mteval13a.Tokenize(sentence).Select(word => _translations.GetValueOrDefault(word, word)));

    // Each word of the target comes from the words of the source in the shares of their probabilities; these become the shares of what they gave.
    private static double[] Improve(double[] probabilities, int[][] left, int[][] right, int[][] places, int sources)
    {
        var counts = new double[probabilities.Length];
        var totals = new double[sources];
        var number = new int[probabilities.Length];
        for (var pair = 0; pair < left.Length; pair++)
        {
            var (words, next) = (left[pair], 0);
            for (var target = 0; target < right[pair].Length; target++, next += words.Length)
            {
                var row = places[pair].AsSpan(next, words.Length);
                var sum = 0.0;
                foreach (var place in row)
                    sum += probabilities[place];
                for (var source = 0; source < words.Length; source++)
                {
                    var share = probabilities[row[source]] / sum;
                    counts[row[source]] += share;
                    totals[words[source]] += share;
                    number[row[source]] = words[source];
                }
            }
        }
        for (var i = 0; i < counts.Length; i++)
            counts[i] /= totals[number[i]];
        return counts;
    }

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
