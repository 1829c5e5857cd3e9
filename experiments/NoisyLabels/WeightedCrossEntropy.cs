using L2T.Dsl;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.NoisyLabels;

/// <summary>
/// Cross-entropy of each example times a weight, which a small network V computes from that cross-entropy alone: Meta-Weight-Net (Shu et al.
/// 2019, "Meta-Weight-Net: Learning an Explicit Mapping For Sample Weighting", equation 4). The weight is a constant to the student: the
/// network is asked about the loss, and does not shape its slope. The weights of a batch are scaled to sum to 1, so that only their ratios
/// count: else the quickest way to a better next step is to raise them all. The network's weights are the coefficients of the loss.
/// </summary>
/// <param name="width">Hidden units of V; the authors have 100.</param>
[LossForm]
public sealed partial class WeightedCrossEntropy(int width = 100)
{
    /// <summary>[width, 1].</summary>
    [Coefficient("width", 1, Init = Init.KaimingUniform)]
    public partial Tensor Input { get; }

    /// <summary>[width].</summary>
    [Coefficient("width", Init = Init.Normal, Scale = 0.5)]
    public partial Tensor InputBias { get; }

    /// <summary>[1, width].</summary>
    [Coefficient(1, "width", Init = Init.KaimingUniform)]
    public partial Tensor Output { get; }

    /// <summary>[1].</summary>
    [Coefficient(1)]
    public partial Tensor OutputBias { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "K")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var losses = -functional.log_softmax(logits, 1).gather(1, labels.unsqueeze(1));
        var weights = Weigh(losses.detach());
        return (weights * losses).mean() / weights.mean();
    }

    /// <summary>V: losses [N, 1] to weights [N, 1] between 0 and 1.</summary>
    public Tensor Weigh(Tensor losses) =>
        functional.linear(functional.relu(functional.linear(losses, Input, InputBias)), Output, OutputBias).sigmoid();
}
