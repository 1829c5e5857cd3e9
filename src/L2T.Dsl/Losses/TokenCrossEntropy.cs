using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>-log p_y, averaged over the words of a batch; label 0 is padding and does not count.</summary>
[LossForm]
public sealed partial class TokenCrossEntropy
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var logRight = functional.log_softmax(logits, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        return -(words * logRight).sum(dim: []) / words.sum(dim: []).clamp_min(1);
    }
}
