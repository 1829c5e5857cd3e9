using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>-log p_y, averaged over the batch.</summary>
[LossForm]
public sealed partial class CrossEntropy
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels) => functional.cross_entropy(logits, labels);
}
