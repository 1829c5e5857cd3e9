using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// The paper's relaxed accuracy (section 3.2) word by word: what a student that draws each word from its own distribution, given the right
/// words before it, gets right on average. The paper's metric for translation is BLEU, whose relaxation is not known to us; this one is ours.
/// Label 0 is padding and does not count.
/// </summary>
[Metric]
public sealed partial class ExpectedTokenAccuracy
{
    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var right = functional.softmax(logits, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        return (words * right).sum(dim: []) / words.sum(dim: []).clamp_min(1);
    }
}
