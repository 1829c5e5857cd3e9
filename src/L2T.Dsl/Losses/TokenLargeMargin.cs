using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// <see cref="LargeMarginSoftmax"/> for sequences: cross-entropy after the logit of the right word was lowered by a margin, averaged over the
/// words of a batch. Label 0 is padding and does not count.
/// </summary>
/// <param name="margin">The margin, in units of logits.</param>
[LossForm]
public sealed partial class TokenLargeMargin(double margin = 1)
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var right = functional.one_hot(labels, logits.shape[2]).to_type(logits.dtype);
        var logRight = functional.log_softmax(logits - margin * right, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        return -(words * logRight).sum(dim: []) / words.sum(dim: []).clamp_min(1);
    }
}
