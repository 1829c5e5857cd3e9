using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// Cross-entropy against labels that leave some probability to every word (Szegedy et al. 2016; Vaswani et al. 2017, section 5.4), averaged
/// over the words of a batch: (1 - epsilon) (-log p_y) + epsilon mean_k (-log p_k). Label 0 is padding and does not count.
/// </summary>
/// <param name="epsilon">The probability spread evenly over all words.</param>
[LossForm]
public sealed partial class TokenLabelSmoothing(double epsilon = 0.1)
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var logProbabilities = functional.log_softmax(logits, 2);
        var logRight = logProbabilities.gather(2, labels.unsqueeze(2)).squeeze(2);
        var each = (1 - epsilon) * logRight + epsilon * logProbabilities.mean([2]);
        return -(words * each).sum(dim: []) / words.sum(dim: []).clamp_min(1);
    }
}
