using L2T.Dsl.Translation.Decoding;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Tests.Decoding;

public sealed class DecoderTests
{
    private const int MaxTokens = 4;

    private static readonly int[][] Sources = [[4, 5], [6], [4, 5, 6, 4, 5], [3, 4, 4]];

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_beam_as_wide_as_there_are_translations_finds_them_all_in_order(double penalty)
    {
        var student = new ToyStudent(words: 2, seed: 7);
        // 3 words (one of them unknown) at up to 4 places: 1 + 3 + 9 + 27 + 81.
        var found = Decoder.Beam(student, Sources, new BeamOptions(Width: 121, penalty, MaxTokens));

        for (var i = 0; i < Sources.Length; i++)
        {
            var all = All(student, Sources[i]).OrderByDescending(other => other.LogProbability / Penalty(other.Tokens.Length + 1, penalty)).ToList();
            Assert.Equal(121, all.Count);
            Assert.Equal(all.Select(other => string.Join(' ', other.Tokens)), found[i].Select(hypothesis => string.Join(' ', hypothesis.Tokens)));
            Assert.All(all.Zip(found[i]), both =>
            {
                Assert.Equal(both.First.LogProbability, both.Second.LogProbability, 10);
                Assert.Equal(both.First.LogProbability / Penalty(both.First.Tokens.Length + 1, penalty), both.Second.Score, 10);
            });
        }
    }

    [Fact]
    public void A_larger_penalty_prefers_longer_translations()
    {
        double Length(double penalty) => Enumerable.Range(0, 20).Average(seed =>
            Decoder.Beam(new ToyStudent(2, (ulong)seed), Sources, new BeamOptions(121, penalty, MaxTokens)).Average(beam => beam[0].Tokens.Count));

        Assert.True(Length(0) < Length(1) && Length(1) < Length(4));
    }

    [Fact]
    public void Narrow_beams_find_translations_with_their_true_scores_and_seldom_worse_ones_than_greedy()
    {
        var better = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            var student = new ToyStudent(5, seed);
            var greedy = Decoder.Greedy(student, Sources, MaxTokens);
            var beams = Decoder.Beam(student, Sources, new BeamOptions(Width: 4, LengthPenalty: 0, MaxTokens));
            for (var i = 0; i < Sources.Length; i++)
            {
                Assert.InRange(beams[i].Count, 1, 4);
                Assert.All(beams[i], hypothesis => Assert.Equal(LogProbability(student, Sources[i], [.. hypothesis.Tokens]), hypothesis.LogProbability, 10));
                Assert.Equal(beams[i].OrderByDescending(hypothesis => hypothesis.Score), beams[i]);
                better += beams[i][0].LogProbability >= LogProbability(student, Sources[i], greedy[i]) - 1e-9 ? 1 : 0;
            }
        }
        Assert.InRange(better, 110, 120);
    }

    [Fact]
    public void Greedy_takes_the_best_token_each_time()
    {
        var student = new ToyStudent(5, 11);

        var found = Decoder.Greedy(student, Sources, maxTokens: 30);

        for (var i = 0; i < Sources.Length; i++)
        {
            var tokens = new List<int>();
            while (tokens.Count < 30)
            {
                var next = student.Of(Long(Sources[i]), Long([SubwordVocabulary.Bos, .. tokens]));
                var best = Enumerable.Range(SubwordVocabulary.Eos, student.Size - SubwordVocabulary.Eos).MaxBy(token => next[token]);
                if (best == SubwordVocabulary.Eos)
                    break;
                tokens.Add(best);
            }
            Assert.Equal(tokens, found[i]);
        }
    }

    [Fact]
    public void Sentences_decoded_together_are_decoded_as_alone()
    {
        var student = new ToyStudent(5, 13);
        var options = new BeamOptions(Width: 3, MaxTokens: 12);
        var together = Decoder.Beam(student, Sources, options);
        var greedy = Decoder.Greedy(student, Sources, 12);

        for (var i = 0; i < Sources.Length; i++)
        {
            var alone = Assert.Single(Decoder.Beam(student, [Sources[i]], options));
            Assert.Equal(alone.Select(hypothesis => (string.Join(' ', hypothesis.Tokens), hypothesis.Score)),
                together[i].Select(hypothesis => (string.Join(' ', hypothesis.Tokens), hypothesis.Score)));
            Assert.Equal(Assert.Single(Decoder.Greedy(student, [Sources[i]], 12)), greedy[i]);
        }
    }

    [Fact]
    public void All_hypotheses_of_all_sentences_are_one_call_a_token()
    {
        var student = new ToyStudent(5, 17);

        var beams = Decoder.Beam(student, Sources, new BeamOptions(Width: 3, MaxTokens: 6));

        Assert.InRange(student.Calls, beams.Max(beam => beam[0].Tokens.Count) + 1, 7);
    }

    [Fact]
    public void Decoding_leaves_no_tensors()
    {
        var student = new ToyStudent(5, 19);
        Decode(student);
        var before = Tensor.TotalCount;

        for (var i = 0; i < 5; i++)
            Decode(student);

        Assert.Equal(before, Tensor.TotalCount);

        static void Decode(ToyStudent student)
        {
            Decoder.Greedy(student, Sources, 10);
            Decoder.Beam(student, Sources, new BeamOptions(3, 0.6, 10));
        }
    }

    [Fact]
    public void No_sentences_no_translations()
    {
        Assert.Empty(Decoder.Greedy(new ToyStudent(1, 1), []));
        Assert.Empty(Decoder.Beam(new ToyStudent(1, 1), []));
    }

    [Fact]
    public void What_cannot_be_decoded_is_said()
    {
        var student = new ToyStudent(2, 1);

        Assert.Contains("Source 1 has no tokens", Assert.Throws<L2TException>(() => Decoder.Greedy(student, [[4], []])).Message);
        Assert.Contains("width 0", Assert.Throws<L2TException>(() => Decoder.Beam(student, Sources, new BeamOptions(Width: 0))).Message);
        Assert.Contains("penalty", Assert.Throws<L2TException>(() => Decoder.Beam(student, Sources, new BeamOptions(LengthPenalty: -1))).Message);
        Assert.Throws<L2TException>(() => Decoder.Greedy(student, Sources, maxTokens: 0));
        Assert.Contains("NaN for token 1", Assert.Throws<L2TException>(() => Decoder.Beam(new Fixed(() => full([4, 6], double.NaN)), Sources)).Message);
        Assert.Contains("[4, 2]", Assert.Throws<L2TException>(() => Decoder.Greedy(new Fixed(() => zeros(4, 2)), Sources)).Message);
    }

    [Fact]
    public void A_translator_keeps_the_order_of_the_sentences()
    {
        string[] sentences = [.. Sample.Split.Test.Sources.Take(10), "", " "];
        var vocabulary = SubwordVocabulary.Learn(Sample.Split.Train.Sources.Concat(Sample.Split.Train.Targets), merges: 300);
        var student = new Copier(vocabulary.Size);
        string[] expected = [.. sentences.Select(sentence => vocabulary.Decode(vocabulary.Encode(sentence)))];

        Assert.Equal(expected, new Translator(student, vocabulary) { BatchSize = 3, MaxTokens = 300 }.Translate(sentences));
        Assert.Equal(expected, new Translator(student, vocabulary) { BatchSize = 4, Beam = new BeamOptions(2, MaxTokens: 300) }.Translate(sentences));
        Assert.Throws<L2TException>(() => new Translator(student, vocabulary) { BatchSize = 0 }.Translate(sentences));
    }

    private static double Penalty(int length, double alpha) => Math.Pow(5 + length, alpha) / Math.Pow(6, alpha);

    private static IEnumerable<(int[] Tokens, double LogProbability)> All(ToyStudent student, int[] source)
    {
        int[] words = [.. Enumerable.Range(SubwordVocabulary.Unknown, student.Size - SubwordVocabulary.Unknown)];
        IEnumerable<int[]> ofLength = [[]];
        for (var length = 0; length <= MaxTokens; length++)
        {
            foreach (var tokens in ofLength)
                yield return (tokens, LogProbability(student, source, tokens));
            ofLength = [.. ofLength.SelectMany(tokens => words.Select(word => (int[])[.. tokens, word]))];
        }
    }

    private static double LogProbability(ToyStudent student, int[] source, int[] tokens)
    {
        var sum = 0.0;
        long[] all = [SubwordVocabulary.Bos, .. tokens, SubwordVocabulary.Eos];
        for (var i = 1; i < all.Length; i++)
            sum += student.Of(Long(source), all.AsSpan(0, i))[all[i]];
        return sum;
    }

    private static long[] Long(int[] tokens) => [.. tokens];

    private sealed class Fixed(Func<Tensor> values) : INextToken
    {
        public Tensor LogProbabilities(Tensor source, Tensor prefixes) => values();
    }

    /// <summary>Says the source, token for token, float32.</summary>
    private sealed class Copier(int size) : INextToken
    {
        public Tensor LogProbabilities(Tensor source, Tensor prefixes)
        {
            var at = prefixes.shape[1] - 1;
            var values = full([source.shape[0], size], -20f);
            for (var row = 0; row < source.shape[0]; row++)
                values[row, at < source.shape[1] ? source[row, at].item<long>() : SubwordVocabulary.Eos] = 0;
            return values;
        }
    }
}
