using static TorchSharp.torch;

namespace L2T.Dsl.Blocks;

/// <summary>
/// A layer of the Transformer's encoder (Vaswani et al. 2017, section 3.1), normalised before each part and not behind it (Xiong et al. 2020,
/// "On Layer Normalization in the Transformer Architecture"): that trains without a warm-up.
/// </summary>
/// <param name="heads">The heads of the attention.</param>
/// <param name="size">The size of a head; vectors have heads * size numbers.</param>
/// <param name="inner">The inner size of the position-wise network.</param>
/// <param name="dropout">The share of each part's result that is dropped in training.</param>
[Block]
public sealed partial class EncoderLayer(int heads, int size, int inner, double dropout)
{
    private readonly LayerNorm _beforeAttention = new(heads * size);
    private readonly MultiHeadAttention _attention = new(heads, size);
    private readonly LayerNorm _beforeNetwork = new(heads * size);
    private readonly FeedForward _network = new(heads * size, inner);
    private readonly Dropout _dropout = new(dropout);

    /// <summary>[N, S, heads*size] to the same shape; <paramref name="hidden"/> [N, 1, 1, S] is true at the padding.</summary>
    public Tensor Forward([Shape("N", "S", "heads*size")] Tensor x, Tensor hidden)
    {
        var normal = _beforeAttention.Forward(x);
        x = x + _dropout.Forward(_attention.Forward(normal, normal, hidden));
        return x + _dropout.Forward(_network.Forward(_beforeNetwork.Forward(x)));
    }
}
