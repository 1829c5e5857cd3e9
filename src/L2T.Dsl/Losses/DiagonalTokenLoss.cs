using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The paper's loss form (section 3.1) for a large vocabulary, W a diagonal: -sigma(w_y log p_y + b_y), averaged over the words of a batch; how
/// the paper gave W for translation is not known, and this is one of our ways. Label 0 is padding and does not count.
/// <para>
/// Where K is large, sigma would be flat for most of what log p_y may be. So w starts at 1/2 and b counts from log(K)/4: from p_y = 1/K to 1 the
/// argument then goes from -log(K)/4 to log(K)/4, where sigma is nearly straight, and the loss starts close to a cross-entropy.
/// </para>
/// </summary>
/// <param name="words">K.</param>
[LossForm]
public sealed partial class DiagonalTokenLoss(int words)
{
    /// <summary>The diagonal of W, [K].</summary>
    [Coefficient("words", Init = Init.Constant, Scale = 0.5)]
    public partial Tensor W { get; }

    /// <summary>b - log(K)/4, [K].</summary>
    [Coefficient("words")]
    public partial Tensor B { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "words")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var counted = labels.ne(0).to_type(logits.dtype);
        var logRight = functional.log_softmax(logits, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        var z = W[labels] * logRight + B[labels] + Math.Log(words) / 4;
        return -(counted * z.sigmoid()).sum(dim: []) / counted.sum(dim: []).clamp_min(1);
    }
}
