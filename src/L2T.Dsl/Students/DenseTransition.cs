using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// What lies between two dense blocks (Huang et al. 2017, section 3, DenseNet-C with compression 0.5): normalised, a convolution of 1x1 filters to half
/// the channels, the averages of 2x2 pixels.
/// </summary>
/// <param name="channels">The channels of x; y has half as many, rounded down.</param>
/// <param name="dropout">The probability of dropout behind the convolution.</param>
[Block]
public sealed partial class DenseTransition(int channels, double dropout = 0)
{
    private readonly BatchNorm2d _norm = new(channels);
    private readonly Conv2d _convolution = new(channels, channels / 2, 1, bias: false);
    private readonly Dropout _dropout = new(dropout);

    /// <summary>[N, channels, height, width] to [N, channels / 2, height / 2, width / 2].</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x) =>
        functional.avg_pool2d(_dropout.Forward(_convolution.Forward(functional.relu(_norm.Forward(x)))), 2);
}
