using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Students;

/// <summary>
/// LeNet as the authors' demo of the paper has it (paper section 5.1; the tutorial's variant of LeCun et al. 1998): two convolutions of 5x5
/// filters, each followed by max pooling and tanh, a hidden layer, an output. 431,080 weights by default.
/// </summary>
/// <param name="first">The filters of the first convolution.</param>
/// <param name="second">The filters of the second convolution.</param>
/// <param name="hidden">The hidden units.</param>
/// <param name="classes">The number of classes.</param>
[Student]
public sealed partial class LeNet(int first = 20, int second = 50, int hidden = 500, int classes = 10)
{
    private readonly Conv2d _first = new(1, first, 5);
    private readonly Conv2d _second = new(first, second, 5);
    private readonly Linear _hidden = new(4 * 4 * second, hidden);
    private readonly Linear _output = new(hidden, classes);

    /// <summary>Pictures of 28x28 pixels, [N, 784], row after row, to logits [N, classes].</summary>
    public Tensor Forward([Shape("N", 784)] Tensor x)
    {
        var h = functional.max_pool2d(_first.Forward(x.reshape(-1, 1, 28, 28)), 2).tanh();
        h = functional.max_pool2d(_second.Forward(h), 2).tanh();
        return _output.Forward(_hidden.Forward(h.flatten(1)).tanh());
    }
}
