using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// A residual block that halves height and width and doubles the channels. Its shortcut has no weights: every second pixel of every second
/// row, and zeros for the channels that are new (He et al. 2016, section 4.2, option A).
/// </summary>
/// <param name="channels">The channels of x; y has twice as many.</param>
[Block]
public sealed partial class HalvingBlock(int channels)
{
    private readonly Conv2d _first = new(channels, 2 * channels, 3, stride: 2, padding: 1, bias: false);
    private readonly BatchNorm2d _firstNorm = new(2 * channels);
    private readonly Conv2d _second = new(2 * channels, 2 * channels, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _secondNorm = new(2 * channels);

    /// <summary>[N, channels, height, width] to [N, 2 * channels, height / 2, width / 2].</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x)
    {
        var h = functional.relu(_firstNorm.Forward(_first.Forward(x)));
        var shortcut = functional.avg_pool2d(x, 1, 2);
        return functional.relu(cat([shortcut, zeros_like(shortcut)], 1) + _secondNorm.Forward(_second.Forward(h)));
    }
}
