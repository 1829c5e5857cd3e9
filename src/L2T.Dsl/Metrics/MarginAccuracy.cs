using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// The relaxed accuracy by margins: the smooth 0-1 loss turned round, mean sigma(k m), where the margin m is how far the logit of the right class
/// stands above the highest of the others. Unlike relaxations by probabilities alone, it can be raised neither by less confidence (right
/// answers lose by it) nor by more (wrong ones lose).
/// </summary>
/// <param name="sharpness">k; as it grows this becomes the accuracy.</param>
[Metric]
public sealed partial class MarginAccuracy(double sharpness = 3)
{
    // Far below any logit, so that the right class is never the highest of the others.
    private const double Excluded = 1e9;

    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var right = functional.one_hot(labels, logits.shape[1]).to_type(logits.dtype);
        var others = (logits - Excluded * right).amax([1]);
        return (sharpness * ((logits * right).sum(1) - others)).sigmoid().mean();
    }
}
