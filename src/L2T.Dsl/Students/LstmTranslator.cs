using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// The paper's LSTM-1 and LSTM-2 (paper section 5.2): an encoder and a decoder of one or two layers of LSTM (Sutskever et al. 2014), with the
/// global attention of Luong et al. (2015), score "general"; the output layer's weights are the target's embedding. What the paper's students
/// were in detail is not known; the defaults are the usual small ones.
/// </summary>
/// <param name="sourceWords">The words of the source language, 0 the padding.</param>
/// <param name="targetWords">The words of the target language, 0 the padding.</param>
/// <param name="sourceLength">The words of a source sentence, with its padding.</param>
/// <param name="targetLength">The words of a target sentence, with its padding.</param>
/// <param name="width">The size of embeddings and states.</param>
/// <param name="layers">The layers of the encoder, and of the decoder.</param>
/// <param name="dropout">The share of what goes into a layer, and into the output, that is dropped in training.</param>
[Student]
public sealed partial class LstmTranslator(int sourceWords, int targetWords, int sourceLength, int targetLength, int width = 256, int layers = 1, double dropout = 0.2)
{
    // Finite, so that a source without words is no NaN.
    private const double Hidden = -1e9;

    private readonly Embedding _source = new(sourceWords, width);
    private readonly Embedding _target = new(targetWords, width);
    private readonly LstmLayer[] _encoder = BlockArray.Of(layers, () => new LstmLayer(width, width));
    private readonly LstmLayer[] _decoder = BlockArray.Of(layers, () => new LstmLayer(width, width));
    private readonly Dropout _dropout = new(dropout);

    /// <summary>The scores of the attention, [width, width].</summary>
    [Parameter("width", "width", Init = Init.XavierUniform)]
    public partial Tensor Attention { get; }

    /// <summary>From what was attended to and the decoder's state to what is said, [width, 2*width].</summary>
    [Parameter("width", "2*width", Init = Init.XavierUniform)]
    public partial Tensor Joint { get; }

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
        var x = _source.Forward(source.transpose(0, 1)) / Math.Sqrt(width);
        var there = source.transpose(0, 1).ne(0).to_type(x.dtype).unsqueeze(2);
        var outputs = new List<Tensor>();
        var memories = new List<Tensor>();
        foreach (var layer in _encoder)
        {
            var (all, h, c) = layer.Read(_dropout.Forward(x), there);
            x = all;
            outputs.Add(h);
            memories.Add(c);
        }

        var y = _target.Forward(words[.., sourceLength..].transpose(0, 1)) / Math.Sqrt(width);
        for (var i = 0; i < _decoder.Length; i++)
            y = _decoder[i].Forward(_dropout.Forward(y), outputs[i], memories[i]);

        var memory = x.transpose(0, 1);
        var state = y.transpose(0, 1);
        var scores = matmul(functional.linear(state, Attention), memory.transpose(1, 2));
        var weights = functional.softmax(scores.masked_fill(source.eq(0).unsqueeze(1), Hidden), 2);
        var said = functional.linear(cat([matmul(weights, memory), state], 2), Joint).tanh();
        return _target.Scores(_dropout.Forward(said).flatten(0, 1)).view(words.shape[0], targetLength, targetWords) + Bias;
    }
}
