using L2T.Dsl;
using L2T.Dsl.Blocks;
using static TorchSharp.torch;

namespace L2T.Experiments.SineRegression;

/// <summary>A curve: a perceptron with two hidden layers, from a number to a number.</summary>
/// <param name="hidden">Units of each hidden layer; Finn et al. 2017 and Bechtle et al. 2021 have 40.</param>
[Student]
public sealed partial class SineNet(int hidden = 40)
{
    private readonly Linear _first = new(1, hidden);
    private readonly Linear _second = new(hidden, hidden);
    private readonly Linear _output = new(hidden, 1);

    /// <summary>Places [N, 1] to heights [N, 1].</summary>
    public Tensor Forward([Shape("N", 1)] Tensor x) => _output.Forward(_second.Forward(_first.Forward(x).tanh()).tanh());
}
