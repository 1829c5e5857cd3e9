using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// The wide residual networks for CIFAR of Zagoruyko and Komodakis (2016), of 6 * <paramref name="blocks"/> + 4 layers: three stages of as
/// many blocks each, on 32x32, 16x16 and 8x8 pixels, normalised and rectified before each convolution. WRN-40-10 is the default, with
/// 55.8 million weights.
/// </summary>
/// <param name="blocks">The blocks of a stage.</param>
/// <param name="widen">How many times 16, 32 and 64 channels the stages have.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="dropout">The probability of dropout between the convolutions of a block.</param>
[Student]
public sealed partial class WideResNet(int blocks = 6, int widen = 10, int classes = 10, double dropout = 0)
{
    private readonly Conv2d _stem = new(3, 16, 3, padding: 1, bias: false);
    private readonly WideningBlock _toFirst = new(16, 16 * widen, 1, dropout);
    private readonly WideBlock[] _first = BlockArray.Of(blocks - 1, () => new WideBlock(16 * widen, dropout));
    private readonly WideningBlock _toSecond = new(16 * widen, 32 * widen, 2, dropout);
    private readonly WideBlock[] _second = BlockArray.Of(blocks - 1, () => new WideBlock(32 * widen, dropout));
    private readonly WideningBlock _toThird = new(32 * widen, 64 * widen, 2, dropout);
    private readonly WideBlock[] _third = BlockArray.Of(blocks - 1, () => new WideBlock(64 * widen, dropout));
    private readonly BatchNorm2d _norm = new(64 * widen);
    private readonly Linear _output = new(64 * widen, classes);

    /// <summary>Images [N, 3, 32, 32] to logits [N, classes].</summary>
    public Tensor Forward([Shape("N", 3, 32, 32)] Tensor x)
    {
        x = _toFirst.Forward(_stem.Forward(x));
        foreach (var block in _first)
            x = block.Forward(x);

        x = _toSecond.Forward(x);
        foreach (var block in _second)
            x = block.Forward(x);

        x = _toThird.Forward(x);
        foreach (var block in _third)
            x = block.Forward(x);

        x = functional.relu(_norm.Forward(x));
        return _output.Forward(functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }
}
