using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The paper's loss form (section 3.1) for a large vocabulary, W a diagonal: -sigma(w_y log p_y + b_y), averaged over the words of a batch; how
/// the paper gave W for translation is not known, and this is one of our ways. b counts from log K, as in <see cref="BilinearLoss"/>. Label 0
/// is padding and does not count.
/// </summary>
/// <param name="words">K.</param>
[LossForm]
public sealed partial class DiagonalTokenLoss(int words)
{
    /// <summary>The diagonal of W, [K].</summary>
    [Coefficient("words", Init = Init.Ones)]
    public partial Tensor W { get; }

    /// <summary>b - log K, [K].</summary>
    [Coefficient("words")]
    public partial Tensor B { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "words")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var counted = labels.ne(0).to_type(logits.dtype);
        var logRight = functional.log_softmax(logits, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        var z = W[labels] * logRight + B[labels] + Math.Log(words);
        return -(counted * z.sigmoid()).sum(dim: []) / counted.sum(dim: []).clamp_min(1);
    }
}
