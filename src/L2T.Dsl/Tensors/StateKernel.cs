using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>A function of the state vector s_t, [F].</summary>
public abstract class StateKernel(TensorBlock theta) : Kernel(theta)
{
    /// <summary>Runs at a state.</summary>
    /// <exception cref="L2TException">The tensor is not of the type and shape that the kernel was made for.</exception>
    public abstract void Run(Tensor state);
}
