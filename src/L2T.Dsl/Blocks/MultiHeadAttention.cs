using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// Scaled dot-product attention in several heads (Vaswani et al. 2017, section 3.2), from primitives; no biases. Where something is hidden its
/// score is far below all others, so that it gets weight 0.
/// </summary>
/// <param name="heads">The number of heads.</param>
/// <param name="size">The size of a head; vectors have heads * size numbers.</param>
[Block]
public sealed partial class MultiHeadAttention(int heads, int size)
{
    // Finite, so that a row in which all is hidden is no NaN.
    private const double Hidden = -1e9;

    /// <summary>To queries, [heads*size, heads*size].</summary>
    [Parameter("heads*size", "heads*size", Init = Init.XavierUniform)]
    public partial Tensor Query { get; }

    /// <summary>To keys, [heads*size, heads*size].</summary>
    [Parameter("heads*size", "heads*size", Init = Init.XavierUniform)]
    public partial Tensor Key { get; }

    /// <summary>To values, [heads*size, heads*size].</summary>
    [Parameter("heads*size", "heads*size", Init = Init.XavierUniform)]
    public partial Tensor Value { get; }

    /// <summary>From what the heads found, [heads*size, heads*size].</summary>
    [Parameter("heads*size", "heads*size", Init = Init.XavierUniform)]
    public partial Tensor Output { get; }

    /// <summary>What each of T places finds at S others.</summary>
    /// <param name="x">The places that ask, [N, T, heads*size].</param>
    /// <param name="memory">The places that are asked, [N, S, heads*size]; x itself in self-attention.</param>
    /// <param name="hidden">True where a place must not be seen, [N, 1, T, S], with 1 for any of the sizes.</param>
    /// <returns>[N, T, heads*size].</returns>
    public Tensor Forward([Shape("N", "T", "heads*size")] Tensor x, [Shape("N", "S", "heads*size")] Tensor memory, Tensor hidden)
    {
        var query = Split(functional.linear(x, Query));
        var key = Split(functional.linear(memory, Key));
        var value = Split(functional.linear(memory, Value));
        var scores = matmul(query, key.transpose(2, 3)) / Math.Sqrt(size);
        var weights = functional.softmax(scores.masked_fill(hidden, Hidden), 3);
        var found = matmul(weights, value).transpose(1, 2).reshape(x.shape[0], x.shape[1], heads * size);
        return functional.linear(found, Output);
    }

    /// <summary>[N, T, heads*size] to [N, heads, T, size].</summary>
    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], heads, size).transpose(1, 2);
}
