using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// The residual networks for CIFAR of He et al. (2016), section 4.2, of 6 * <paramref name="blocks"/> + 2 layers: three stages of as many
/// blocks each, on 32x32, 16x16 and 8x8 pixels, with shortcuts that have no weights (option A). ResNet-8, 20 and 32 have 1, 3 and 5 blocks
/// a stage, and 75,290, 269,722 and 464,154 weights.
/// </summary>
/// <param name="blocks">The blocks of a stage.</param>
/// <param name="width">The channels of the first stage; each of the others has twice as many as the one before.</param>
/// <param name="classes">The number of classes.</param>
[Student]
public sealed partial class ResNet(int blocks = 3, int width = 16, int classes = 10)
{
    private readonly Conv2d _stem = new(3, width, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _norm = new(width);
    private readonly ResidualBlock[] _first = BlockArray.Of(blocks, () => new ResidualBlock(width));
    private readonly HalvingBlock _toSecond = new(width);
    private readonly ResidualBlock[] _second = BlockArray.Of(blocks - 1, () => new ResidualBlock(2 * width));
    private readonly HalvingBlock _toThird = new(2 * width);
    private readonly ResidualBlock[] _third = BlockArray.Of(blocks - 1, () => new ResidualBlock(4 * width));
    private readonly Linear _output = new(4 * width, classes);

    /// <summary>Images [N, 3, 32, 32] to logits [N, classes].</summary>
    public Tensor Forward([Shape("N", 3, 32, 32)] Tensor x)
    {
        x = functional.relu(_norm.Forward(_stem.Forward(x)));
        foreach (var block in _first)
            x = block.Forward(x);

        x = _toSecond.Forward(x);
        foreach (var block in _second)
            x = block.Forward(x);

        x = _toThird.Forward(x);
        foreach (var block in _third)
            x = block.Forward(x);

        return _output.Forward(functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }
}
