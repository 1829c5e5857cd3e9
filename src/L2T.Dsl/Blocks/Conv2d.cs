using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>A convolution of images with square filters; filters start uniform as PyTorch's, biases at zero.</summary>
/// <param name="inChannels">The channels of x.</param>
/// <param name="outChannels">The channels of y, one a filter.</param>
/// <param name="kernelSize">The height and width of the filters.</param>
/// <param name="stride">How far the filters move at a time.</param>
/// <param name="padding">How many zeros lie around the image.</param>
/// <param name="dilation">How far the elements of the filters lie apart.</param>
/// <param name="groups">Into how many groups the channels fall; a filter sees the inChannels / groups of its own.</param>
/// <param name="bias">Whether there is a b; none is needed in front of a normalisation, which takes it out again.</param>
[Block]
public sealed partial class Conv2d(int inChannels, int outChannels, int kernelSize, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true)
{
    /// <summary>The filters, [outChannels, inChannels / groups, kernelSize, kernelSize].</summary>
    [Parameter("outChannels", "inChannels/groups", "kernelSize", "kernelSize", Init = Init.KaimingUniform)]
    public partial Tensor Weight { get; }

    /// <summary>b, [outChannels]; null without a bias.</summary>
    [Parameter("outChannels", If = nameof(bias))]
    public partial Tensor? Bias { get; }

    /// <summary>[N, inChannels, height, width] to [N, outChannels, height', width'].</summary>
    public Tensor Forward([Shape("N", "inChannels", "height", "width")] Tensor x) =>
        functional.conv2d(x, Weight, Bias, strides: [stride], padding: [padding], dilation: [dilation], groups: groups);
}
