namespace L2T.Dsl.Compiler.Specs;

/// <summary>The type of a tensor value.</summary>
/// <param name="Element">What its elements are.</param>
/// <param name="Shape">Its symbolic shape.</param>
public sealed record TensorType(ElementType Element, Shape Shape)
{
    /// <summary>A real tensor of this shape.</summary>
    public static TensorType Real(Shape shape) => new(ElementType.Real, shape);

    /// <summary>A real tensor of these sizes.</summary>
    public static TensorType Real(params Dim[] dims) => new(ElementType.Real, Shape.Of(dims));

    /// <summary>An integer tensor of these sizes.</summary>
    public static TensorType Integer(params Dim[] dims) => new(ElementType.Integer, Shape.Of(dims));

    /// <inheritdoc/>
    public override string ToString() => Element switch
    {
        ElementType.Real => "real",
        ElementType.Integer => "int",
        _ => "bool",
    } + Shape;
}
