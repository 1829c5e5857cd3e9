using L2T.Dsl.Translation.Scoring;

namespace L2T.Dsl.Translation.Tests.Scoring;

/// <summary>
/// The figures are those that sacreBLEU publishes (https://github.com/mjpost/sacrebleu, commit f615c72: README.md, "Using SacreBLEU from
/// Python"; test/test_bleu.py; test/test_sentence_bleu.py; Apache-2.0).
/// </summary>
public sealed class BleuTests
{
    private static readonly string[] Hypotheses = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];
    private static readonly string[] First = ["The dog bit the man.", "It was not unexpected.", "The man bit him first."];
    private static readonly string[] Second = ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."];

    [Fact]
    public void The_example_of_the_readme()
    {
        var score = Bleu.OfText(Hypotheses, [First, Second]);

        Assert.Equal(48.530827, score.Score, 6);
        Assert.Equal("BLEU = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)", score.ToString());
    }

    [Fact]
    public void The_example_of_the_readme_with_a_varying_number_of_references()
    {
        foreach (var nothing in new[] { "", null })
        {
            var score = Bleu.OfText(Hypotheses, [[nothing, First[1], First[2]], Second]);

            Assert.Equal("BLEU = 29.44 82.4/42.9/27.3/12.5 (BP = 0.889 ratio = 0.895 hyp_len = 17 ref_len = 19)", score.ToString());
        }
    }

    [Fact]
    public void Words_between_spaces() =>
        Assert.Equal(49.1919566, Bleu.OfText(Hypotheses, [First, Second], BleuTokenization.Spaces).Score, 7);

    [Fact]
    public void Without_smoothing() =>
        Assert.Equal(48.530827, Bleu.OfText(Hypotheses, [First, Second], smoothing: BleuSmoothing.None).Score, 6);

    [Fact]
    public void Empty_hypotheses_score_nothing() => Assert.Equal(0, Bleu.OfText(["", "", ""], [First, Second]).Score);

    [Fact]
    public void Without_a_right_word_smoothing_gives_nothing()
    {
        Assert.Equal(0, Bleu.OfText(["this is a test", "another test"], ["ref1", "ref2"]).Score);
        Assert.Equal(0, Bleu.OfSentence("this is a cat", ["okay thanks"]).Score);
    }

    // Figures of effective order: test_raw_bleu and test_effective_order (the score over 100).
    [Theory]
    [InlineData("this is a test", "this is a test", 1)]
    [InlineData("test", "a test", 0.3678794411714425)]
    [InlineData("a test", "a test", 1)]
    public void Sentences_too_short_for_an_order_do_without(string hypothesis, string reference, double expected) =>
        Assert.Equal(100 * expected, Bleu.OfSentence(hypothesis, [reference]).Score, 6);

    [Theory]
    [InlineData(BleuTokenization.Mteval13a, BleuSmoothing.Exponential, 8.493)]
    [InlineData(BleuTokenization.Mteval13a, BleuSmoothing.None, 0)]
    [InlineData(BleuTokenization.Spaces, BleuSmoothing.Exponential, 7.347)]
    public void A_sentence_with_few_right_words(BleuTokenization tokenization, BleuSmoothing smoothing, double expected)
    {
        var score = Bleu.OfSentence(
            "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;", ["producţia de zahăr brut se exprimă în zahăr alb;"],
            tokenization, smoothing);

        Assert.Equal(expected, score.Score, 3);
    }

    // Right 4, 2, 1, 0 of 6, 5, 4, 3 (test_statistics), the last half of one; 6 words against 8.
    [Fact]
    public void Smoothing_and_brevity_by_hand()
    {
        var score = Bleu.OfText(["am I am a character sequence"], ["I am a symbol string sequence a a"]);

        Assert.Equal([100 * 4 / 6.0, 100 * 2 / 5.0, 100 * 1 / 4.0, 100 * 0.5 / 3.0], score.Precisions);
        Assert.Equal(Math.Exp(1 - (8 / 6.0)), score.BrevityPenalty, 12);
        Assert.Equal(score.BrevityPenalty * 100 * Math.Pow(4 / 6.0 * (2 / 5.0) * (1 / 4.0) * (0.5 / 3), 0.25), score.Score, 9);
    }

    [Fact]
    public void A_corpus_too_short_for_an_order_scores_nothing() => Assert.Equal(0, Bleu.OfText(["a test"], ["a test"]).Score);

    [Fact]
    public void Tokens_score_as_words_do()
    {
        var words = Bleu.OfSentence("b a c d e a", ["a c d e f"], BleuTokenization.Spaces);

        Assert.Equal(words.Score, Bleu.OfTokens([9, 4, 5, 6, 7, 4], [4, 5, 6, 7, 8]).Score, 12);
        Assert.InRange(words.Score, 1, 99);
    }

    [Fact]
    public void Of_references_as_near_in_length_the_shorter_counts() =>
        Assert.Equal(3, Bleu.OfText(["a b c d"], [["a b c d e"], ["a b c"]], BleuTokenization.Spaces).ReferenceLength);

    [Fact]
    public void What_cannot_be_scored_is_said()
    {
        Assert.Contains("2 references", Assert.Throws<L2TException>(() => Bleu.OfText(["a"], ["a", "b"])).Message);
        Assert.Contains("0 hypotheses", Assert.Throws<L2TException>(() => Bleu.OfText([], new List<string>())).Message);
        Assert.Contains("hypothesis 1 has no reference", Assert.Throws<L2TException>(() => Bleu.OfText(["a"], [[""], [null]])).Message);
        Assert.Throws<L2TException>(() => Bleu.OfSentence("a", []));
    }
}
