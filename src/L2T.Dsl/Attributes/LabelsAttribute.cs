namespace L2T.Dsl;

/// <summary>
/// The shape of an int64 tensor that a method takes: class labels or indices. Sizes are written as in
/// <see cref="ShapeAttribute"/>.
/// </summary>
/// <param name="dims">The sizes, outermost first.</param>
[AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
public sealed class LabelsAttribute(params object[] dims) : Attribute
{
    /// <summary>The sizes as written.</summary>
    public IReadOnlyList<object> Dims { get; } = dims;
}
