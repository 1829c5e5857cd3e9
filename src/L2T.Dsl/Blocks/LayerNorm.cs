using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// Layer normalisation (Ba et al. 2016): each row is normalised by its own mean and biased variance, and every element then has a factor and
/// an offset.
/// </summary>
/// <param name="features">The size of the last dimension.</param>
/// <param name="eps">What is added to the variance.</param>
/// <param name="bias">Whether there is an offset.</param>
[Block]
public sealed partial class LayerNorm(int features, double eps = 1e-5, bool bias = true)
{
    /// <summary>The factor, [features].</summary>
    [Parameter("features", Init = Init.Ones)]
    public partial Tensor Weight { get; }

    /// <summary>The offset, [features]; null without one.</summary>
    [Parameter("features", If = nameof(bias))]
    public partial Tensor? Bias { get; }

    /// <summary>[..., features] to the same shape.</summary>
    public Tensor Forward(Tensor x) => functional.layer_norm(x, [features], Weight, Bias, eps);
}
