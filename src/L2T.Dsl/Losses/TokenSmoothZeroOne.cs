using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// <see cref="SmoothZeroOne"/> for sequences: sigma(-k m), averaged over the words of a batch, where the margin m is how far the logit of the
/// right word stands above the highest of the others. Label 0 is padding and does not count.
/// </summary>
/// <param name="slope">k.</param>
[LossForm]
public sealed partial class TokenSmoothZeroOne(double slope = 1)
{
    // Far below any logit, so that the right word is never the highest of the others.
    private const double Excluded = 1e9;

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var right = functional.one_hot(labels, logits.shape[2]).to_type(logits.dtype);
        var margin = logits.gather(2, labels.unsqueeze(2)).squeeze(2) - (logits - Excluded * right).amax([2]);
        return (words * (-slope * margin).sigmoid()).sum(dim: []) / words.sum(dim: []).clamp_min(1);
    }
}
