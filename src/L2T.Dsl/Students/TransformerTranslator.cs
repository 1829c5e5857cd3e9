using L2T.Dsl.Blocks;
using static TorchSharp.torch;

namespace L2T.Dsl.Students;

/// <summary>
/// The paper's Transformer (paper section 5.2; Vaswani et al. 2017), small, with normalisation before each part; the output layer's weights are
/// the target's embedding. What the paper's student was in detail is not known; the defaults are the usual ones for IWSLT, of 256 numbers.
/// </summary>
/// <param name="sourceWords">The words of the source language, 0 the padding.</param>
/// <param name="targetWords">The words of the target language, 0 the padding.</param>
/// <param name="sourceLength">The words of a source sentence, with its padding.</param>
/// <param name="targetLength">The words of a target sentence, with its padding.</param>
/// <param name="heads">The heads of each attention.</param>
/// <param name="size">The size of a head; vectors have heads * size numbers.</param>
/// <param name="inner">The inner size of the position-wise networks.</param>
/// <param name="layers">The layers of the encoder, and of the decoder.</param>
/// <param name="dropout">The share of each part's result, and of the embeddings, that is dropped in training.</param>
[Student]
public sealed partial class TransformerTranslator(
    int sourceWords,
    int targetWords,
    int sourceLength,
    int targetLength,
    int heads = 4,
    int size = 64,
    int inner = 1024,
    int layers = 3,
    double dropout = 0.1)
{
    // The longest of the waves that places are told apart by (Vaswani et al. 2017, section 3.5), over 2 pi.
    private const double LongestWave = 10000;

    private readonly Embedding _source = new(sourceWords, heads * size);
    private readonly Embedding _target = new(targetWords, heads * size);
    private readonly EncoderLayer[] _encoder = BlockArray.Of(layers, () => new EncoderLayer(heads, size, inner, dropout));
    private readonly LayerNorm _behindEncoder = new(heads * size);
    private readonly DecoderLayer[] _decoder = BlockArray.Of(layers, () => new DecoderLayer(heads, size, inner, dropout));
    private readonly LayerNorm _behindDecoder = new(heads * size);
    private readonly Dropout _dropout = new(dropout);

    /// <summary>How likely each word is by itself, [targetWords].</summary>
    [Parameter("targetWords")]
    public partial Tensor Bias { get; }

    /// <summary>
    /// The words of the source and then those of the target before each of its places, both padded at the end with 0, to the logits of the
    /// target's words, [N, targetLength, targetWords].
    /// </summary>
    public Tensor Forward([Labels("N", "sourceLength + targetLength")] Tensor words)
    {
        var source = words[.., ..sourceLength];
        var hidden = source.eq(0).unsqueeze(1).unsqueeze(1);
        var embedded = _source.Forward(source);
        var x = _dropout.Forward(embedded + Places(sourceLength, embedded));
        foreach (var layer in _encoder)
            x = layer.Forward(x, hidden);

        var memory = _behindEncoder.Forward(x);
        var before = _target.Forward(words[.., sourceLength..]);
        var y = _dropout.Forward(before + Places(targetLength, before));
        var later = ones(targetLength, targetLength, dtype: y.dtype).triu(1).gt(0).unsqueeze(0).unsqueeze(0);
        foreach (var layer in _decoder)
            y = layer.Forward(y, memory, later, hidden);

        // Embeddings have deviation 1; as an output layer they would start with logits too large by far.
        y = _behindDecoder.Forward(y) / Math.Sqrt(heads * size);
        return _target.Scores(y.flatten(0, 1)).view(words.shape[0], targetLength, targetWords) + Bias;
    }

    /// <summary>The sinusoids of section 3.5 of Vaswani et al., [length, heads*size]: sines at even numbers, cosines at odd ones.</summary>
    private Tensor Places(int length, Tensor like)
    {
        var number = arange(heads * size).to_type(like.dtype);
        var odd = (1 - (Math.PI * number).cos()) / 2;
        var rates = (-Math.Log(LongestWave) / (heads * size) * (number - odd)).exp();
        return (outer(arange(length).to_type(like.dtype), rates) + (Math.PI / 2 * odd)).sin();
    }
}
