using L2T.Dsl.Translation.Subwords;

namespace L2T.Dsl.Translation.Tests.Subwords;

public sealed class BytePairLearnerTests
{
    // The words of Sennrich et al. 2016, figure 1: low 5, lower 2, newest 6, widest 3; here with a mark before the word instead of after it.
    private static IEnumerable<string> Words =>
        new[] { ("low", 5), ("lower", 2), ("newest", 6), ("widest", 3) }.SelectMany(entry => Enumerable.Repeat(entry.Item1, entry.Item2));

    [Fact]
    public void The_most_frequent_pairs_merge_first()
    {
        var (characters, merges) = BytePairLearner.Learn(Words, merges: 6, minCharacterCount: 1, minPairCount: 1);

        Assert.Equal(["d", "e", "i", "l", "n", "o", "r", "s", "t", "w", "▁"], characters);
        // es 9 before st 9 (by order), est 9; lo 7 before ow 7 (by order) and ▁l 7, then low 7 and ▁low 7; ew 6 before n e 6.
        Assert.Equal([("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w"), ("▁", "low"), ("e", "w")], merges);
    }

    [Fact]
    public void Agrees_with_counting_everything_anew_at_every_merge()
    {
        string[] sentences =
        [
            "Die Zelle der Tabelle enthält die Formel, die Formeln der Zellen.", "aaa aaaa aaaaa abab ababab bababa", "Der Nutzer nutzt die Nutzung.",
            "Wählen Sie Extras – Optionen… (Strg+Z), 1000 oder 100.000!", "abcabc bcabca cab abc bca bcd abcd", "mississippi missis sippi ississ",
        ];

        var (_, merges) = BytePairLearner.Learn(sentences, merges: 60, minCharacterCount: 1, minPairCount: 2);

        Assert.Equal(ByBruteForce(sentences, 60), merges);
    }

    [Fact]
    public void Pairs_too_rare_and_characters_too_rare_are_no_symbols()
    {
        var (characters, merges) = BytePairLearner.Learn(["ab ab ax"], merges: 100, minCharacterCount: 2, minPairCount: 2);

        Assert.Equal(["a", "b", "▁"], characters);
        Assert.Equal([("▁", "a"), ("▁a", "b")], merges);
    }

    private static List<(string, string)> ByBruteForce(string[] sentences, int merges)
    {
        var words = sentences.SelectMany(sentence => Pieces.Of(Pieces.Marked(sentence)))
            .Select(word => word.EnumerateRunes().Select(rune => rune.ToString()).ToList()).ToList();
        var learnt = new List<(string, string)>();
        while (learnt.Count < merges)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key.First, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Second, StringComparer.Ordinal)
                .Select(group => group.Key)
                .FirstOrDefault();
            if (best == default)
                break;
            if (!learnt.Contains(best))
                learnt.Add(best);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) == best)
                    {
                        word[i] += word[i + 1];
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }
        return learnt;
    }
}
