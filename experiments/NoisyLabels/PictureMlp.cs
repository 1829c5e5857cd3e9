using L2T.Dsl;
using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.NoisyLabels;

/// <summary>A perceptron with one rectified hidden layer, wide enough to learn wrong labels by heart.</summary>
/// <param name="pixels">The size of a picture.</param>
/// <param name="hidden">The width of the hidden layer.</param>
[Student]
public sealed partial class PictureMlp(int pixels, int hidden)
{
    private readonly Linear _hidden = new(pixels, hidden);
    private readonly Linear _output = new(hidden, 10);

    /// <summary>Pictures [N, pixels] to logits [N, 10].</summary>
    public Tensor Forward([Shape("N", "pixels")] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}
