using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The paper's loss form (section 3.1) for each word of a sequence, with the whole of W, for small vocabularies: -sigma(y^T W log p + b_y),
/// averaged over the words of a batch. W starts as I/2 and b counts from log(K)/4, for the reason that <see cref="DiagonalTokenLoss"/> gives. Label 0 is padding
/// and does not count.
/// </summary>
/// <param name="words">K.</param>
[LossForm]
public sealed partial class BilinearTokenLoss(int words)
{
    /// <summary>W, [K, K]: row y weighs the log-probabilities of all words where y is right.</summary>
    [Coefficient("words", "words", Init = Init.Identity, Scale = 0.5)]
    public partial Tensor W { get; }

    /// <summary>b - log(K)/4, [K].</summary>
    [Coefficient("words")]
    public partial Tensor B { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "words")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var counted = labels.ne(0).to_type(logits.dtype);
        var z = (W[labels] * functional.log_softmax(logits, 2)).sum(2) + B[labels] + Math.Log(words) / 4;
        return -(counted * z.sigmoid()).sum(dim: []) / counted.sum(dim: []).clamp_min(1);
    }
}
