using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes layouts: lists of tensor slots.</summary>
internal static class LayoutWriter
{
    /// <summary>The type of a layout.</summary>
    public const string Type = "global::System.Collections.Generic.IReadOnlyList<global::L2T.Dsl.Tensors.TensorSlot>";

    /// <summary>The slot of a tensor, as an element of a collection expression.</summary>
    /// <param name="name">The slot's name.</param>
    /// <param name="member">Its declaration.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="size">How a size is written.</param>
    /// <param name="single">The shape of one of the tensors that are stacked in it; null where it is one.</param>
    public static string Slot(string name, TensorMemberSpec member, Shape shape, Func<Dim, string> size, Shape? single = null)
    {
        string[] more = [.. member.IsBuffer ? ["IsBuffer = true"] : Array.Empty<string>(), .. single is null ? [] : new[] { $"RowShape = [{string.Join(", ", single.Dims.Select(size))}]" }];
        return $"new(\"{name}\", [{string.Join(", ", shape.Dims.Select(size))}], {Init(member.Init)}, {Scalar.Literal(member.Scale)}){(more.Length > 0 ? $" {{ {string.Join(", ", more)} }}" : "")}";
    }

    /// <summary>Checks that divisions in a tensor's declared shape leave no remainder, where that is known at run time only.</summary>
    public static void CheckQuotients(CodeWriter code, string name, IEnumerable<(Dim Numerator, Dim Denominator)> quotients, Func<Dim, string> size)
    {
        foreach (var (numerator, denominator) in quotients.Where(q => q.Numerator.Value is null || q.Denominator.Value is null))
        {
            code.Line($"_ = global::L2T.Dsl.Tensors.TensorSlot.Quotient(\"{name}\", {size(numerator)}, {size(denominator)});");
        }
    }

    /// <summary>The slot of a teacher's memory of a coefficient: a candidate a row, each at the coefficient's start, kept apart by noise.</summary>
    public static string Memory(string name, TensorEntry coefficient, int slots, double noise, Func<Dim, string> size) =>
        $"new(\"{name}\", [{slots}, {size(coefficient.Shape.Elements)}], {Init(coefficient.Member.Init)}, {Scalar.Literal(coefficient.Member.Scale)}) {{ RowShape = [{string.Join(", ", coefficient.Single.Dims.Select(size))}], Noise = {Scalar.Literal(noise)} }}";

    private static string Init(string member) => "global::L2T.Dsl.Init." + member;
}
