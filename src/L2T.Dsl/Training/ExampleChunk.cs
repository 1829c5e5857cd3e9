using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>Examples that a kernel takes at once.</summary>
/// <param name="Shape">The number of their shape.</param>
/// <param name="Inputs">Their inputs.</param>
/// <param name="Labels">Their labels, or real-valued targets.</param>
/// <param name="Answers">How many answers they ask for.</param>
internal readonly record struct ExampleChunk(int Shape, Tensor Inputs, Tensor Labels, long Answers)
{
    /// <summary>The number of examples.</summary>
    public long Size => Inputs.shape[0];
}
