namespace L2T.Dsl.Tensors;

/// <summary>
/// What the generator makes of every annotated class with tensors of its own: it lists them, and is lent their storage.
/// A module never owns a tensor.
/// </summary>
public interface ITensorModule
{
    /// <summary>The module's tensors in binding order: its own first, then those of its blocks in field order, depth first.</summary>
    IReadOnlyList<TensorSlot> Layout { get; }

    /// <summary>Takes the module's tensors from <paramref name="cursor"/>, in the order of <see cref="Layout"/>.</summary>
    void Bind(TensorCursor cursor);

    /// <summary>The value of a parameter of the module's primary constructor; what kernels compute sizes from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has no parameter of that name.</exception>
    double Scalar(string parameter);
}
