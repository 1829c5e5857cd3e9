namespace L2T.Dsl;

/// <summary>
/// Marks a coefficient of a loss form, part of Phi of the paper: a get-only partial property of type <c>Tensor</c>,
/// whose body the generator writes and whose value a teacher sets at every step.
/// </summary>
/// <param name="shape">
/// The sizes, outermost first: integers, or strings with an expression over the constructor's integer parameters, such
/// as <c>"classes"</c>. None makes a scalar.
/// </param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class CoefficientAttribute(params object[] shape) : Attribute
{
    /// <summary>The sizes as written.</summary>
    public IReadOnlyList<object> Shape { get; } = shape;

    /// <summary>The value at the start of teaching, and the value of a baseline.</summary>
    public Init Init { get; set; } = Init.Zeros;

    /// <summary>The number that goes with <see cref="Init"/>.</summary>
    public double Scale { get; set; } = 1;
}
