using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>The first block of a stage of a wide residual network: its shortcut is a convolution of 1x1 filters.</summary>
/// <param name="inChannels">The channels of x.</param>
/// <param name="outChannels">The channels of y.</param>
/// <param name="stride">By how much height and width are divided.</param>
/// <param name="dropout">The probability of dropout between the convolutions.</param>
[Block]
public sealed partial class WideningBlock(int inChannels, int outChannels, int stride, double dropout = 0)
{
    private readonly BatchNorm2d _firstNorm = new(inChannels);
    private readonly Conv2d _first = new(inChannels, outChannels, 3, stride, padding: 1, bias: false);
    private readonly BatchNorm2d _secondNorm = new(outChannels);
    private readonly Dropout _dropout = new(dropout);
    private readonly Conv2d _second = new(outChannels, outChannels, 3, padding: 1, bias: false);
    private readonly Conv2d _shortcut = new(inChannels, outChannels, 1, stride, bias: false);

    /// <summary>[N, inChannels, height, width] to [N, outChannels, height / stride, width / stride].</summary>
    public Tensor Forward([Shape("N", "inChannels", "height", "width")] Tensor x)
    {
        var h = functional.relu(_firstNorm.Forward(x));
        var residual = functional.relu(_secondNorm.Forward(_first.Forward(h)));
        return _shortcut.Forward(h) + _second.Forward(_dropout.Forward(residual));
    }
}
