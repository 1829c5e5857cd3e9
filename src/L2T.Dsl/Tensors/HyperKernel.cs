using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// One reverse step's second derivatives, by forward over reverse: H v and M v, where v is the tangent on the student's
/// parameters w, H = d2L/dw2 and M = d2L/dPhi dw. The block of v may be the one that H v is added to.
/// </summary>
public abstract class HyperKernel(TensorBlock w) : Kernel(w)
{
    /// <summary>Adds seed * H v and seed * M v.</summary>
    /// <param name="x">The inputs of the batch of that step.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="kept"><see cref="GradientKernel.Kept"/> of that step, or a copy of it: read where it lies, and left as it is.</param>
    /// <param name="seed">What the products are multiplied by: the seed of that step, since the cotangents that it kept are multiplied by it.</param>
    /// <exception cref="L2TException">A tensor is not of the type and shape that the kernel was made for.</exception>
    public abstract void Run(Tensor x, Tensor y, Tensor kept, double seed);
}
