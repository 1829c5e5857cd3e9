namespace L2T.Dsl;

/// <summary>
/// Marks a buffer of a block or student, as PyTorch calls it: a tensor that training changes but no gradient descends on, such as the
/// running statistics of batch normalisation. A get-only partial property of type <c>Tensor</c>, whose body the generator writes.
/// A buffer is no part of w; what depends on it is differentiated through it all the same.
/// </summary>
/// <param name="shape">
/// The sizes, outermost first: integers, or strings with an expression over the constructor's integer parameters, such
/// as <c>"features"</c>. None makes a scalar.
/// </param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class BufferAttribute(params object[] shape) : Attribute
{
    /// <summary>The sizes as written.</summary>
    public IReadOnlyList<object> Shape { get; } = shape;

    /// <summary>The value at the start of every training.</summary>
    public Init Init { get; set; } = Init.Zeros;

    /// <summary>The number that goes with <see cref="Init"/>.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>
    /// The constructor's <c>bool</c> parameter that says whether the block has the tensor: where it is false the tensor is null, and neither
    /// trained nor stored. The property's type is <c>Tensor?</c> then; whoever holds the block passes a constant.
    /// </summary>
    public string? If { get; set; }
}
