using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Checks that shape rules share.</summary>
public static class TypeChecks
{
    /// <summary>The type itself if it is real.</summary>
    /// <exception cref="ShapeException">It is not.</exception>
    public static TensorType RequireReal(this TensorType type) =>
        type.Element == ElementType.Real ? type : throw new ShapeException(type.ToString(), "a real tensor", "convert it first");

    /// <summary>The type itself if it is integer.</summary>
    /// <exception cref="ShapeException">It is not.</exception>
    public static TensorType RequireInteger(this TensorType type) =>
        type.Element == ElementType.Integer ? type : throw new ShapeException(type.ToString(), "an integer tensor", "indices are int64");

    /// <summary>The type itself if it holds truth values.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    public static TensorType RequireBoolean(this TensorType type) =>
        type.Element == ElementType.Boolean ? type : throw new ShapeException(type.ToString(), "a tensor of truth values", "compare it first");

    /// <summary>The type itself if it has a dimension of this index.</summary>
    /// <exception cref="ShapeException">It has not.</exception>
    public static TensorType RequireAxis(this TensorType type, int axis) =>
        axis >= 0 && axis < type.Shape.Rank ? type : throw new ShapeException(type.ToString(), $"dimension {axis}", $"it has {type.Shape.Rank} dimensions");
}
