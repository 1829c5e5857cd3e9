using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>The student's output in evaluation mode.</summary>
public abstract class ForwardKernel(TensorBlock w) : Kernel(w)
{
    /// <summary>The output for a batch; it belongs to the kernel and stays until the next run.</summary>
    /// <exception cref="L2TException">The tensor is not of the type and shape that the kernel was made for.</exception>
    public abstract Tensor Run(Tensor x);
}
