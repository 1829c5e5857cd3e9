using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The smooth 0-1 loss (Nguyen and Sanner 2013, "Algorithms for Direct 0-1 Loss Optimization in Binary
/// Classification"), for several classes: sigma(-k m), averaged over the batch, where the margin m is how far the
/// logit of the right class stands above the highest of the others.
/// </summary>
/// <param name="slope">k.</param>
[LossForm]
public sealed partial class SmoothZeroOne(double slope = 1)
{
    // Far below any logit, so that the right class is never the highest of the others.
    private const double Excluded = 1e9;

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var right = functional.one_hot(labels, logits.shape[1]).to_type(logits.dtype);
        var others = (logits - Excluded * right).amax([1]);
        var margin = (logits * right).sum(1) - others;
        return (-slope * margin).sigmoid().mean();
    }
}
