using L2T.Dsl;
using L2T.Dsl.Blocks;
using static TorchSharp.torch;

namespace L2T.Experiments.FashionMnist;

/// <summary>The paper's perceptron for MNIST (section 5.1), 784-500-10 with tanh.</summary>
/// <param name="hidden">The hidden units.</param>
[Student]
public sealed partial class FashionMlp(int hidden = 500)
{
    private readonly Linear _hidden = new(784, hidden);
    private readonly Linear _output = new(hidden, 10);

    /// <summary>Pictures [N, 784] to logits [N, 10].</summary>
    public Tensor Forward([Shape("N", 784)] Tensor x) => _output.Forward(_hidden.Forward(x).tanh());
}
