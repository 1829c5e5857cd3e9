using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// Cross-entropy against labels that leave some probability to every class (Szegedy et al. 2016, "Rethinking the
/// Inception Architecture"), averaged over the batch: (1 - epsilon) (-log p_y) + epsilon mean_k (-log p_k).
/// </summary>
/// <param name="epsilon">The probability spread evenly over all classes.</param>
[LossForm]
public sealed partial class LabelSmoothing(double epsilon = 0.1)
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var logProbabilities = functional.log_softmax(logits, 1);
        var right = logProbabilities.gather(1, labels.unsqueeze(1)).mean();
        return -(1 - epsilon) * right - epsilon * logProbabilities.mean();
    }
}
