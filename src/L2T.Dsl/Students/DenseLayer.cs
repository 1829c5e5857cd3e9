using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// A layer of a densely connected network with a bottleneck (Huang et al. 2017, section 3, DenseNet-B): normalised, a convolution of 1x1 filters to
/// four times as many channels as the layer adds, normalised, a convolution of 3x3 filters.
/// </summary>
/// <param name="channels">The channels of x.</param>
/// <param name="growth">The channels that the layer adds.</param>
/// <param name="dropout">The probability of dropout behind each convolution.</param>
[Block]
public sealed partial class DenseLayer(int channels, int growth, double dropout = 0)
{
    private readonly BatchNorm2d _norm = new(channels);
    private readonly Conv2d _bottleneck = new(channels, 4 * growth, 1, bias: false);
    private readonly BatchNorm2d _innerNorm = new(4 * growth);
    private readonly Conv2d _convolution = new(4 * growth, growth, 3, padding: 1, bias: false);
    private readonly Dropout _dropout = new(dropout);

    /// <summary>[N, channels, height, width] to what the layer adds, [N, growth, height, width].</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x)
    {
        var h = _dropout.Forward(_bottleneck.Forward(functional.relu(_norm.Forward(x))));
        return _dropout.Forward(_convolution.Forward(functional.relu(_innerNorm.Forward(h))));
    }
}
