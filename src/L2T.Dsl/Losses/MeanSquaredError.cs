using static TorchSharp.torch;

namespace L2T.Dsl.Losses;

/// <summary>The squared error, averaged over the batch and the outputs. For real-valued targets.</summary>
[LossForm]
public sealed partial class MeanSquaredError
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "D")] Tensor output, [Shape("N", "D")] Tensor target) => (output - target).square().mean();
}
