using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Brings operands to one shape and one element type, as TorchSharp does on its own.</summary>
internal static class Broadcasting
{
    /// <summary>The shape to which both can be broadcast: sizes are aligned at the end; of two different ones, one must be 1.</summary>
    /// <exception cref="ShapeException">There is none.</exception>
    public static Shape Common(Shape left, Shape right)
    {
        var rank = Math.Max(left.Rank, right.Rank);
        return new(Enumerable.Range(0, rank).Select(i => Size(At(left, i), At(right, i))).ToEquatableArray());

        Dim At(Shape shape, int i) => i < rank - shape.Rank ? Dim.One : shape[i - rank + shape.Rank];

        Dim Size(Dim l, Dim r) =>
            l.Equals(r) || r.Value == 1 ? l
            : l.Value == 1 ? r
            : throw new ShapeException(left, right, $"sizes {l} and {r} can't be broadcast to one another");
    }

    /// <summary>Both in their common shape.</summary>
    public static (Value Left, Value Right) Together(Builder b, Value left, Value right)
    {
        var shape = Common(left.Shape, right.Shape);
        return (b.Expand(left, shape), b.Expand(right, shape));
    }

    /// <summary>Both as reals in their common shape.</summary>
    public static (Value Left, Value Right) RealTogether(Builder b, Value left, Value right) => Together(b, b.ToReal(left), b.ToReal(right));

    /// <summary>Both in their common shape and the wider of their element types.</summary>
    public static (Value Left, Value Right) Promoted(Builder b, Value left, Value right)
    {
        ElementType[] wideness = [ElementType.Boolean, ElementType.Integer, ElementType.Real];
        var element = wideness[Math.Max(Array.IndexOf(wideness, left.Type.Element), Array.IndexOf(wideness, right.Type.Element))];
        return Together(b, b.Cast(left, element), b.Cast(right, element));
    }
}
