using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// The densely connected networks for CIFAR with bottlenecks and compression of Huang et al. (2017), DenseNet-BC, of 6 * <paramref name="layers"/> + 4
/// layers: three dense blocks of as many layers each, on 32x32, 16x16 and 8x8 pixels. DenseNet-BC (L=100, k=12) has 16 layers a block and 769,162
/// weights; DenseNet-BC (L=190, k=40) has 31 and 25,624,430.
/// </summary>
/// <param name="layers">The layers of a block, of two convolutions each.</param>
/// <param name="growth">The channels that each layer adds, k.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="dropout">The probability of dropout behind each convolution but the first.</param>
[Student]
public sealed partial class DenseNet(int layers = 16, int growth = 12, int classes = 10, double dropout = 0)
{
    private readonly Conv2d _stem = new(3, 2 * growth, 3, padding: 1, bias: false);
    private readonly DenseBlock _first = new(2 * growth, growth, layers, dropout);
    private readonly DenseTransition _toSecond = new((2 + layers) * growth, dropout);
    private readonly DenseBlock _second = new((2 + layers) * growth / 2, growth, layers, dropout);
    private readonly DenseTransition _toThird = new((2 + layers) * growth / 2 + layers * growth, dropout);
    private readonly DenseBlock _third = new(((2 + layers) * growth / 2 + layers * growth) / 2, growth, layers, dropout);
    private readonly BatchNorm2d _norm = new(((2 + layers) * growth / 2 + layers * growth) / 2 + layers * growth);
    private readonly Linear _output = new(((2 + layers) * growth / 2 + layers * growth) / 2 + layers * growth, classes);

    /// <summary>Images [N, 3, 32, 32] to logits [N, classes].</summary>
    public Tensor Forward([Shape("N", 3, 32, 32)] Tensor x)
    {
        x = _toSecond.Forward(_first.Forward(_stem.Forward(x)));
        x = _toThird.Forward(_second.Forward(x));
        x = functional.relu(_norm.Forward(_third.Forward(x)));
        return _output.Forward(functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }
}
