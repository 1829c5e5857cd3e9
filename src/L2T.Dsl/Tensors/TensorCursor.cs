using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>Hands tensors to modules in layout order. Owns none of them.</summary>
public sealed class TensorCursor(IReadOnlyList<Tensor> tensors)
{
    private int _next;

    /// <summary>How many tensors are left.</summary>
    public int Remaining => tensors.Count - _next;

    /// <summary>The next tensor.</summary>
    /// <exception cref="L2TException">All of them have been handed out.</exception>
    public Tensor Next() => _next < tensors.Count
        ? tensors[_next++]
        : throw new L2TException(
            $"The module asks for more than the {tensors.Count} tensors it was given. Give one tensor for each slot of its Layout, in order.");
}
