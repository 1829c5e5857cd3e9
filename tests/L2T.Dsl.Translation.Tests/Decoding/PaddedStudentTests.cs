using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using L2T.Dsl.Translation.Decoding;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Tests.Decoding;

public sealed class PaddedStudentTests
{
    private const int Words = 12;
    private const int SourceLength = 7;
    private const int TargetLength = 6;

    private static readonly int[][] Sources = [[4, 5, 6, 7, 8, 9], [10, 11], [4]];

    [Fact]
    public void An_lstm_is_decoded() => IsDecoded(new LstmTranslator(Words, Words, SourceLength, TargetLength, width: 8, layers: 2, dropout: 0), student => student.Forward);

    [Fact]
    public void A_transformer_is_decoded() =>
        IsDecoded(new TransformerTranslator(Words, Words, SourceLength, TargetLength, heads: 2, size: 4, inner: 16, layers: 2, dropout: 0), student => student.Forward);

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var student = new PaddedStudent(words => zeros(words.shape[0], TargetLength, Words), SourceLength, TargetLength);

        Assert.Contains("source of 8 words", Assert.Throws<L2TException>(() => Decoder.Greedy(student, [[4, 4, 4, 4, 4, 4, 4]], 5)).Message);
        Assert.Contains("at most 5 tokens", Assert.Throws<L2TException>(() => Decoder.Beam(student, [[4]], new BeamOptions(2, MaxTokens: 6))).Message);
        Assert.Contains("[1, 3]", Assert.Throws<L2TException>(() => Decoder.Greedy(new PaddedStudent(_ => zeros(1, 3), 3, 3), [[4]], 2)).Message);
    }

    // Given the whole translation found, the student says each of its words at the place before, and then its end.
    private static void IsDecoded<T>(T module, Func<T, Func<Tensor, Tensor>> forward)
        where T : ITensorModule
    {
        using var weights = new TensorBlock(module.Layout, ScalarType.Float64, CPU);
        using var generator = new Generator(5);
        using var values = randn([weights.Count], ScalarType.Float64, generator: generator);
        weights.Flat.copy_(values);
        weights.LendTo(module);
        var student = new PaddedStudent(forward(module), SourceLength, TargetLength);

        var found = Decoder.Greedy(student, Sources, TargetLength - 1);
        var beams = Decoder.Beam(student, Sources, new BeamOptions(Width: 4, LengthPenalty: 0, MaxTokens: TargetLength - 1));

        Assert.NotEqual(beams[0][0].LogProbability, beams[1][0].LogProbability, 1e-3);
        for (var i = 0; i < Sources.Length; i++)
        {
            using var scope = NewDisposeScope();
            long[] words =
            [
                .. Sources[i].Select(token => (long)token), SubwordVocabulary.Eos, .. new long[SourceLength - Sources[i].Length - 1],
                SubwordVocabulary.Bos, .. found[i].Select(token => (long)token), .. new long[TargetLength - found[i].Length - 1],
            ];
            var said = nn.functional.log_softmax(forward(module)(tensor(words).unsqueeze(0)), 2);
            var total = 0.0;
            for (var place = 0; place <= found[i].Length; place++)
            {
                var next = said[0, place].data<double>().ToArray();
                var best = Enumerable.Range(SubwordVocabulary.Eos, Words - SubwordVocabulary.Eos).MaxBy(token => next[token]);
                var given = place < found[i].Length ? found[i][place] : SubwordVocabulary.Eos;
                // At the limit the end comes whether it is the best or not.
                Assert.True(best == given || place == TargetLength - 1);
                total += next[given];
            }
            Assert.Contains(beams[i], hypothesis => hypothesis.LogProbability >= total - 1e-9);
        }
    }
}
