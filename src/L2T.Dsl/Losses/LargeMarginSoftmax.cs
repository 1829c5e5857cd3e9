using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// Softmax with a large margin: cross-entropy after the logit of the right class was lowered by a margin, averaged over
/// the batch. This is the additive form (Wang et al. 2018, "Additive Margin Softmax for Face Verification"), which a
/// loss of logits can have; the multiplicative one (Liu et al. 2016) changes the angle to the last layer's weights.
/// </summary>
/// <param name="margin">The margin, in units of logits.</param>
[LossForm]
public sealed partial class LargeMarginSoftmax(double margin = 1)
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var right = functional.one_hot(labels, logits.shape[1]).to_type(logits.dtype);
        return functional.cross_entropy(logits - margin * right, labels);
    }
}
