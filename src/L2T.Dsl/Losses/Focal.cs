using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The focal loss (Lin et al. 2017, "Focal Loss for Dense Object Detection"), -(1 - p_y)^gamma log p_y, averaged over
/// the batch: what the student is sure of counts less.
/// </summary>
/// <param name="gamma">How much less; 0 is cross-entropy.</param>
[LossForm]
public sealed partial class Focal(double gamma = 2)
{
    // pow has no derivative at 0 for a fractional gamma, and p_y may round to 1.
    private const double LeastDoubt = 1e-7;

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var logRight = functional.log_softmax(logits, 1).gather(1, labels.unsqueeze(1));
        var doubt = (1 - logRight.exp()).clamp_min(LeastDoubt);
        return -(doubt.pow(gamma) * logRight).mean();
    }
}
