using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>Two convolutions of 3x3 filters, normalised, around which their input goes (He et al. 2016, figure 2).</summary>
/// <param name="channels">The channels of x and y.</param>
[Block]
public sealed partial class ResidualBlock(int channels)
{
    private readonly Conv2d _first = new(channels, channels, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _firstNorm = new(channels);
    private readonly Conv2d _second = new(channels, channels, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _secondNorm = new(channels);

    /// <summary>[N, channels, height, width] to the same shape.</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x)
    {
        var h = functional.relu(_firstNorm.Forward(_first.Forward(x)));
        return functional.relu(x + _secondNorm.Forward(_second.Forward(h)));
    }
}
