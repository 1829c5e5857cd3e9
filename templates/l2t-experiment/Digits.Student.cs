using L2T.Dsl;
using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T_Experiment;

/// <summary>The student: a perceptron with one hidden layer on pictures of 8x8 pixels. Its body is plain C#; the generator differentiates it.</summary>
/// <param name="hidden">The width of the hidden layer.</param>
[Student]
public sealed partial class DigitsMlp(int hidden)
{
    private readonly Linear _hidden = new(64, hidden);
    private readonly Linear _output = new(hidden, 10);

    /// <summary>Pictures [N, 64] to logits [N, 10].</summary>
    public Tensor Forward([Shape("N", 64)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}
