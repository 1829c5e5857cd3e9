using System.Text;

namespace L2T.Dsl.Translation.Subwords;

/// <summary>
/// Learns the merges of byte-pair encoding (Sennrich et al. 2016, section 3.2): from single characters on, the two neighbours that occur
/// together most often become one symbol. A function of the sentences alone: of pairs as frequent, the first by ordinal comparison is taken.
/// </summary>
internal sealed class BytePairLearner
{
    private const int Unknown = -1;

    private readonly List<string> _symbols = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Word> _words = [];
    private readonly Dictionary<Pair, long> _counts = [];
    private readonly Dictionary<Pair, HashSet<int>> _places = [];
    private readonly PriorityQueue<Pair, Rank> _queue = new();

    private BytePairLearner(IEnumerable<string> sentences, int minCharacterCount)
    {
        var frequencies = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var piece in sentences.SelectMany(sentence => Pieces.Of(Pieces.Marked(sentence))))
            frequencies[piece] = frequencies.GetValueOrDefault(piece) + 1;
        var characters = new Dictionary<Rune, long>();
        foreach (var (piece, frequency) in frequencies)
        {
            foreach (var character in piece.EnumerateRunes())
                characters[character] = characters.GetValueOrDefault(character) + frequency;
        }
        foreach (var (character, _) in characters.Where(entry => entry.Value >= minCharacterCount).OrderBy(entry => entry.Key.Value))
            NumberOf(character.ToString());
        foreach (var (piece, frequency) in frequencies)
        {
            int[] symbols = [.. piece.EnumerateRunes().Select(character => _numbers.GetValueOrDefault(character.ToString(), Unknown))];
            _words.Add(new Word { Symbols = symbols, Frequency = frequency });
        }
    }

    /// <summary>Learns from sentences.</summary>
    /// <param name="sentences">The sentences, of both languages where the symbols are to be shared.</param>
    /// <param name="merges">The most merges to learn.</param>
    /// <param name="minCharacterCount">How often a character must occur to be a symbol.</param>
    /// <param name="minPairCount">How often a pair must occur to become one.</param>
    /// <returns>The characters, by code point; the merges, in the order in which they apply.</returns>
    public static (IReadOnlyList<string> Characters, IReadOnlyList<(string Left, string Right)> Merges) Learn(
        IEnumerable<string> sentences, int merges, int minCharacterCount, int minPairCount)
    {
        var learner = new BytePairLearner(sentences, minCharacterCount);
        string[] characters = [.. learner._symbols];
        return (characters, learner.Merges(merges, minPairCount));
    }

    private List<(string Left, string Right)> Merges(int merges, int minPairCount)
    {
        var changed = new HashSet<Pair>();
        for (var word = 0; word < _words.Count; word++)
            Count(word, sign: 1, changed);
        Enqueue(changed);
        var learnt = new List<(string Left, string Right)>();
        var known = new HashSet<Pair>();
        while (learnt.Count < merges && _queue.TryDequeue(out var pair, out var rank))
        {
            var count = _counts.GetValueOrDefault(pair);
            // Counts change after a pair was queued; it is queued again each time.
            if (count != rank.Count)
                continue;
            if (count < minPairCount)
                break;
            // A pair can come back when another merge makes one of its symbols anew. Its merge is there already.
            if (known.Add(pair))
                learnt.Add((_symbols[pair.Left], _symbols[pair.Right]));
            Merge(pair);
        }
        return learnt;
    }

    private void Merge(Pair pair)
    {
        var merged = NumberOf(_symbols[pair.Left] + _symbols[pair.Right]);
        var changed = new HashSet<Pair>();
        foreach (var word in _places[pair].ToArray())
        {
            Count(word, sign: -1, changed);
            _words[word].Symbols = Merged(_words[word].Symbols, pair, merged);
            Count(word, sign: 1, changed);
        }
        Enqueue(changed);
    }

    private static int[] Merged(int[] symbols, Pair pair, int merged)
    {
        var result = new List<int>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            var matches = i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            result.Add(matches ? merged : symbols[i]);
            i += matches ? 1 : 0;
        }
        return [.. result];
    }

    private void Count(int word, int sign, HashSet<Pair> changed)
    {
        var (symbols, frequency) = (_words[word].Symbols, _words[word].Frequency);
        for (var i = 0; i + 1 < symbols.Length; i++)
        {
            if (symbols[i] == Unknown || symbols[i + 1] == Unknown)
                continue;
            var pair = new Pair(symbols[i], symbols[i + 1]);
            _counts[pair] = _counts.GetValueOrDefault(pair) + (sign * frequency);
            if (!_places.TryGetValue(pair, out var places))
                _places.Add(pair, places = []);
            if (sign > 0)
                places.Add(word);
            else
                places.Remove(word);
            changed.Add(pair);
        }
    }

    private void Enqueue(HashSet<Pair> changed)
    {
        foreach (var pair in changed)
        {
            if (_counts[pair] > 0)
                _queue.Enqueue(pair, new Rank(_counts[pair], _symbols[pair.Left], _symbols[pair.Right]));
        }
    }

    private int NumberOf(string symbol)
    {
        if (!_numbers.TryGetValue(symbol, out var number))
        {
            _numbers.Add(symbol, number = _symbols.Count);
            _symbols.Add(symbol);
        }
        return number;
    }

    private sealed class Word
    {
        public required int[] Symbols { get; set; }

        public required long Frequency { get; init; }
    }

    private readonly record struct Pair(int Left, int Right);

    // The most frequent first.
    private readonly record struct Rank(long Count, string Left, string Right) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            if (Count != other.Count)
                return other.Count.CompareTo(Count);
            var left = string.CompareOrdinal(Left, other.Left);
            return left != 0 ? left : string.CompareOrdinal(Right, other.Right);
        }
    }
}
