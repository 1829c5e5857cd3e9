using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// Group normalisation (Wu and He 2018): in each example, each group of channels is normalised by its mean and biased variance, and every
/// channel then has a factor and an offset. It knows nothing of the batch.
/// </summary>
/// <param name="groups">How many groups, a divisor of <paramref name="channels"/>; 1 normalises each example as a whole.</param>
/// <param name="channels">The number of channels.</param>
/// <param name="eps">What is added to the variance.</param>
[Block]
public sealed partial class GroupNorm(int groups, int channels, double eps = 1e-5)
{
    /// <summary>The factor, [channels].</summary>
    [Parameter("channels", Init = Init.Ones)]
    public partial Tensor Weight { get; }

    /// <summary>The offset, [channels].</summary>
    [Parameter("channels")]
    public partial Tensor Bias { get; }

    /// <summary>[N, channels, ...] to the same shape.</summary>
    public Tensor Forward(Tensor x) => functional.group_norm(x, groups, Weight, Bias, eps);
}
