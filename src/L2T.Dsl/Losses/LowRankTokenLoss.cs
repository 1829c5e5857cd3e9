using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The paper's loss form (section 3.1) for a large vocabulary, W = I/2 + U V^T: -sigma(log p_y / 2 + u_y V^T log p + b_y), averaged over the words of
/// a batch; how the paper gave W for translation is not known, and this is one of our ways. b counts from log(K)/4, for the
/// reason that <see cref="DiagonalTokenLoss"/> gives. Label 0 is padding and does not count.
/// </summary>
/// <param name="words">K.</param>
/// <param name="rank">The rank of what W has beside the identity.</param>
[LossForm]
public sealed partial class LowRankTokenLoss(int words, int rank = 4)
{
    /// <summary>U, [K, rank], 0 at the start.</summary>
    [Coefficient("words", "rank")]
    public partial Tensor U { get; }

    /// <summary>V, [K, rank], of about the length of a mean over the vocabulary at the start, so that U has a slope.</summary>
    [Coefficient("words", "rank", Init = Init.XavierUniform)]
    public partial Tensor V { get; }

    /// <summary>b - log(K)/4, [K].</summary>
    [Coefficient("words")]
    public partial Tensor B { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "words")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var counted = labels.ne(0).to_type(logits.dtype);
        var logProbabilities = functional.log_softmax(logits, 2);
        var logRight = logProbabilities.gather(2, labels.unsqueeze(2)).squeeze(2);
        var z = logRight / 2 + (U[labels] * matmul(logProbabilities, V)).sum(2) + B[labels] + Math.Log(words) / 4;
        return -(counted * z.sigmoid()).sum(dim: []) / counted.sum(dim: []).clamp_min(1);
    }
}
