using static TorchSharp.torch;

namespace L2T.Dsl.Blocks;

/// <summary>A layer of the Transformer's decoder (Vaswani et al. 2017, section 3.1), normalised as <see cref="EncoderLayer"/> is.</summary>
/// <param name="heads">The heads of the attentions.</param>
/// <param name="size">The size of a head; vectors have heads * size numbers.</param>
/// <param name="inner">The inner size of the position-wise network.</param>
/// <param name="dropout">The share of each part's result that is dropped in training.</param>
[Block]
public sealed partial class DecoderLayer(int heads, int size, int inner, double dropout)
{
    private readonly LayerNorm _beforeSelf = new(heads * size);
    private readonly MultiHeadAttention _self = new(heads, size);
    private readonly LayerNorm _beforeSource = new(heads * size);
    private readonly MultiHeadAttention _source = new(heads, size);
    private readonly LayerNorm _beforeNetwork = new(heads * size);
    private readonly FeedForward _network = new(heads * size, inner);
    private readonly Dropout _dropout = new(dropout);

    /// <summary>One layer on.</summary>
    /// <param name="x">What the target's places hold, [N, T, heads*size].</param>
    /// <param name="memory">What the encoder made of the source, [N, S, heads*size].</param>
    /// <param name="later">True where a place of the target lies behind the one that asks, [1, 1, T, T].</param>
    /// <param name="hidden">True at the source's padding, [N, 1, 1, S].</param>
    /// <returns>[N, T, heads*size].</returns>
    public Tensor Forward([Shape("N", "T", "heads*size")] Tensor x, [Shape("N", "S", "heads*size")] Tensor memory, Tensor later, Tensor hidden)
    {
        var normal = _beforeSelf.Forward(x);
        x = x + _dropout.Forward(_self.Forward(normal, normal, later));
        x = x + _dropout.Forward(_source.Forward(_beforeSource.Forward(x), memory, hidden));
        return x + _dropout.Forward(_network.Forward(_beforeNetwork.Forward(x)));
    }
}
