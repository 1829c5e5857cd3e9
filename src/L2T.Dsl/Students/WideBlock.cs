using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>Two convolutions of 3x3 filters behind normalisation and relu, around which their input goes (Zagoruyko and Komodakis 2016, figure 1).</summary>
/// <param name="channels">The channels of x and y.</param>
/// <param name="dropout">The probability of dropout between the convolutions.</param>
[Block]
public sealed partial class WideBlock(int channels, double dropout = 0)
{
    private readonly BatchNorm2d _firstNorm = new(channels);
    private readonly Conv2d _first = new(channels, channels, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _secondNorm = new(channels);
    private readonly Dropout _dropout = new(dropout);
    private readonly Conv2d _second = new(channels, channels, 3, padding: 1, bias: false);

    /// <summary>[N, channels, height, width] to the same shape.</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x)
    {
        var h = _first.Forward(functional.relu(_firstNorm.Forward(x)));
        return x + _second.Forward(_dropout.Forward(functional.relu(_secondNorm.Forward(h))));
    }
}
