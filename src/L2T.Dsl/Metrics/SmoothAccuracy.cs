using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// The authors' demo's relaxed accuracy: one minus the smooth 0-1 error 2 sigma(k (max_j p_j - p_y)) - 1, averaged. A right
/// answer counts in full, however unsure, and teaches nothing; a wrong one teaches by how far it is from right.
/// </summary>
/// <param name="sharpness">k: 50 in the demo; smaller values spread the gradient over more of the wrong answers.</param>
[Metric]
public sealed partial class SmoothAccuracy(double sharpness = 10)
{
    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var probabilities = functional.softmax(logits, 1);
        var right = probabilities.gather(1, labels.unsqueeze(1));
        var lead = probabilities.amax([1], keepdim: true) - right;
        return 2 - 2 * (sharpness * lead).sigmoid().mean();
    }
}
