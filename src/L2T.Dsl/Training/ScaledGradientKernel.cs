using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>A kernel whose gradient, not its value, is multiplied by a factor.</summary>
/// <param name="w">The weights it is bound to.</param>
/// <param name="kernel">The kernel, which becomes this one's.</param>
/// <param name="factor">The factor.</param>
internal sealed class ScaledGradientKernel(TensorBlock w, GradientKernel kernel, double factor) : GradientKernel(w)
{
    public override Tensor Value => kernel.Value;

    public override Tensor Output => kernel.Output;

    public override Tensor Kept => kernel.Kept;

    public override void Run(Tensor x, Tensor y, double seed)
    {
        kernel.NoiseKey = NoiseKey;
        kernel.Run(x, y, factor * seed);
    }

    protected override void Dispose(bool disposing)
    {
        kernel.Dispose();
        base.Dispose(disposing);
    }
}
