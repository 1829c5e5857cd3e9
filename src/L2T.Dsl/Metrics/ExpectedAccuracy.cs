using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// The paper's relaxed accuracy (section 3.2): what a student that draws its answer from its own distribution gets right
/// on average, mean p_y.
/// </summary>
[Metric]
public sealed partial class ExpectedAccuracy
{
    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels) =>
        functional.softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean();
}
