namespace L2T.Dsl;

/// <summary>
/// The shape of a real tensor that a method takes or returns. Sizes are integers, or strings with an expression over
/// the constructor's integer parameters and dimension names such as <c>"N"</c>; the same name is the same size
/// everywhere in the method. No size at all is the shape of a scalar.
/// </summary>
/// <param name="dims">The sizes, outermost first.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue, Inherited = false)]
public sealed class ShapeAttribute(params object[] dims) : Attribute
{
    /// <summary>The sizes as written.</summary>
    public IReadOnlyList<object> Dims { get; } = dims;
}
