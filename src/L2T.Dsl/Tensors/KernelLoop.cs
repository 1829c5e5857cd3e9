using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// The base of loops with carried state inside generated kernels. What a loop makes belongs to its kernel, and ends with it.
/// </summary>
public abstract class KernelLoop
{
    private readonly Kernel _kernel;

    /// <summary>A loop of this kernel.</summary>
    protected KernelLoop(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        _kernel = kernel;
    }

    /// <summary>What the masks of a run are drawn by.</summary>
    protected ulong NoiseKey => _kernel.NoiseKey;

    /// <summary>The real type: float32 or float64.</summary>
    protected ScalarType Dtype => _kernel.Dtype;

    /// <summary>Where the tensors live.</summary>
    protected Device Device => _kernel.Device;

    /// <summary>Takes a tensor made at construction into the kernel's ownership.</summary>
    protected Tensor Own(Tensor tensor) => _kernel.Own(tensor);

    /// <summary>A number that lives as long as the kernel.</summary>
    protected Scalar Own(double number) => _kernel.Own(number);

    /// <summary>A view, in a shape, of the elements of a flat tensor from a start on.</summary>
    protected Tensor Part(Tensor flat, long start, params ReadOnlySpan<long> shape) => _kernel.Own(PartOf(flat, start, shape));

    /// <summary>The same for the run alone: the caller disposes it.</summary>
    protected static Tensor PartOf(Tensor flat, long start, params ReadOnlySpan<long> shape) => Kernel.PartOf(flat, start, shape);

    /// <summary>Views of the elements along the first dimension.</summary>
    protected Tensor[] Elements(Tensor stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var elements = new Tensor[stack.shape[0]];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = _kernel.Own(stack[i]);
        }

        return elements;
    }
}
