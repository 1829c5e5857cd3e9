using L2T.Dsl.Translation.Batching;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;
using TorchSharp;

namespace L2T.Dsl.Translation.Tests.Batching;

public sealed class TokenPairsTests
{
    private static readonly SubwordVocabulary Characters = SubwordVocabulary.Learn(["abcdefgh"], merges: 0, minCharacterCount: 1);

    [Fact]
    public void A_row_is_a_sentence_its_end_and_padding()
    {
        var pairs = new TokenPairs(new([new("ab", "c"), new("d", "efg")]), Characters);
        using var places = new TokenTensors(batchSize: 3, sourceLength: 6, targetLength: 5);
        // What was there before must go.
        places.Source.fill_(9);
        places.Input.fill_(9);
        places.Labels.fill_(9);

        pairs.Gather([1, 0, 1], places);

        const int pad = SubwordVocabulary.Pad, bos = SubwordVocabulary.Bos, eos = SubwordVocabulary.Eos;
        long space = Of("a")[0], a = Of("a")[1], b = Of("b")[1], c = Of("c")[1], d = Of("d")[1], e = Of("e")[1], f = Of("f")[1], g = Of("g")[1];
        Assert.Equal([space, d, eos, pad, pad, pad, space, a, b, eos, pad, pad, space, d, eos, pad, pad, pad], places.Source.data<long>().ToArray());
        Assert.Equal([bos, space, e, f, g, bos, space, c, pad, pad, bos, space, e, f, g], places.Input.data<long>().ToArray());
        Assert.Equal([space, e, f, g, eos, space, c, eos, pad, pad, space, e, f, g, eos], places.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Sentences_too_long_in_tokens_are_left_out_and_counted()
    {
        var pairs = new TokenPairs(new([new("abc", "d"), new("a", "b"), new("a", "bcde"), new("", "a")]), Characters, maxTokens: 4);

        Assert.Equal([new("a", "b")], pairs.Sentences);
        Assert.Equal(new SkippedPairs(Empty: 1, TooLong: 2), pairs.Skipped);
        Assert.Equal((3, 3), (pairs.MaxSourceLength, pairs.MaxTargetLength));
        Assert.Contains("2 too long", Assert.Throws<L2TException>(() => new TokenPairs(new([new("abc", "d"), new("a", "bcde")]), Characters, 3)).Message);
    }

    [Fact]
    public void As_labelled_data_a_row_holds_both_sides()
    {
        var pairs = new TokenPairs(Sample.Split.Valid, SubwordVocabulary.Learn(Sample.Split.Train.Sources.Concat(Sample.Split.Train.Targets), merges: 500));
        var (length, width) = (pairs.MaxSourceLength, pairs.MaxTargetLength + 1);
        using var data = pairs.ToLabelledData(length, width);

        Assert.Equal([pairs.Count, length + width], data.Inputs.shape);
        Assert.Equal([pairs.Count, width], data.Labels.shape);
        Assert.Equal(torch.ScalarType.Int64, data.Inputs.dtype);
        Assert.Equal(pairs.Vocabulary.Size, data.Classes);
        for (var i = 0; i < pairs.Count; i++)
        {
            using var labels = data.Labels[i];
            using var inputs = data.Inputs[i];
            Assert.Equal(pairs.Sentences[i].Target, pairs.Vocabulary.Decode([.. labels.data<long>().ToArray().Select(token => (int)token)]));
            Assert.Equal(pairs.Sentences[i].Source, pairs.Vocabulary.Decode([.. inputs.data<long>().ToArray().Select(token => (int)token)]));
        }
    }

    [Fact]
    public void Places_that_do_not_fit_are_refused()
    {
        var pairs = new TokenPairs(new([new("ab", "c")]), Characters);
        using var narrow = new TokenTensors(1, 3, 3);
        using var many = new TokenTensors(2, 4, 3);

        Assert.Contains("takes 4 and 3 positions", Assert.Throws<L2TException>(() => pairs.Gather([0], narrow)).Message);
        Assert.Contains("1 pairs for 2 places", Assert.Throws<L2TException>(() => pairs.Gather([0], many)).Message);
        Assert.Throws<L2TException>(() => pairs.ToLabelledData(3, 3));
    }

    private static int[] Of(string text) => Characters.Encode(text);
}
