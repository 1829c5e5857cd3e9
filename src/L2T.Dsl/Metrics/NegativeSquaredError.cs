using static TorchSharp.torch;

namespace L2T.Dsl.Metrics;

/// <summary>Minus the mean squared error. For real-valued targets; smooth as it is, so that nothing is relaxed.</summary>
[Metric]
public sealed partial class NegativeSquaredError
{
    /// <summary>A scalar of at most 0, to maximise.</summary>
    public Tensor Measure([Shape("N", "D")] Tensor output, [Shape("N", "D")] Tensor target) => -(output - target).square().mean();
}
