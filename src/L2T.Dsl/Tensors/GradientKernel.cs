using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// The gradient of a loss or a relaxed metric with respect to the student's parameters w, added to the block that the
/// kernel was bound to. That block may be w itself: with seed -eta a run then is the step of plain gradient descent.
/// </summary>
public abstract class GradientKernel(TensorBlock w) : Kernel(w)
{
    /// <summary>The value at the w that the last run started from; a scalar.</summary>
    public abstract Tensor Value { get; }

    /// <summary>The student's output in the last run.</summary>
    public abstract Tensor Output { get; }

    /// <summary>What a hyper step at the same w and batch need not compute again, flat; without elements if that is nothing.</summary>
    public abstract Tensor Kept { get; }

    /// <summary>Adds seed * dValue/dw.</summary>
    /// <param name="x">The inputs of the batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="seed">What the gradient is multiplied by.</param>
    /// <exception cref="L2TException">A tensor is not of the type and shape that the kernel was made for.</exception>
    public abstract void Run(Tensor x, Tensor y, double seed);
}
