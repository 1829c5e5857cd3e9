using L2T.Dsl;
using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>784-H-10 with rectified hidden units.</summary>
[Student]
public sealed partial class Perceptron(int hidden)
{
    private readonly Linear _hidden = new(784, hidden);
    private readonly Linear _output = new(hidden, 10);

    public Tensor Forward([Shape("N", 784)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}
