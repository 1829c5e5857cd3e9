using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Comparisons, truth values and choices by them.</content>
public static partial class BuilderOps
{
    /// <summary>Truth values: how x compares with a number.</summary>
    public static Value Compare(this Builder b, Comparison comparison, Value x, Scalar number) =>
        b.Binder(x) is { Op: ExpandOp expand } inner
            ? b.Expand(b.Compare(comparison, inner.Operands[0], number), expand.Target)
            : b.Apply(new CompareNumberOp(comparison, number, ElementType.Boolean), x);

    /// <summary>Truth values: how x compares with y.</summary>
    public static Value Compare(this Builder b, Comparison comparison, Value x, Value y) =>
        b.FillOf(y) is { } right ? b.Compare(comparison, x, right)
        : b.FillOf(x) is { } left ? b.Compare(comparison.Mirrored(), y, left)
        : b.Map(new CompareOp(comparison, ElementType.Boolean), x, y);

    /// <summary>The opposite truth values.</summary>
    public static Value Not(this Builder b, Value x) => b.Binder(x) is { Op: NotOp } not ? not.Operands[0] : b.Apply(new NotOp(), x);

    /// <summary>Where both hold.</summary>
    public static Value And(this Builder b, Value x, Value y) => b.Map(new LogicalOp(true), x, y);

    /// <summary>Where one holds at least.</summary>
    public static Value Or(this Builder b, Value x, Value y) => b.Map(new LogicalOp(false), x, y);

    /// <summary>Numbers of another element type; a comparison of reals that is wanted as reals is made so at once.</summary>
    public static Value Cast(this Builder b, Value x, ElementType target)
    {
        if (x.Type.Element == target)
        {
            return x;
        }

        var binder = b.Binder(x);
        return (binder?.Op, target) switch
        {
            (ExpandOp expand, _) => b.Expand(b.Cast(binder!.Operands[0], target), expand.Target),
            (CompareNumberOp { Comparison: Comparison.Greater, Number.Value: 0 }, ElementType.Real) when binder!.Operands[0].IsReal => b.Step(binder.Operands[0]),
            (CompareNumberOp compare, ElementType.Real) when binder!.Operands[0].IsReal => b.Apply(compare with { Result = target }, binder.Operands[0]),
            (CompareOp compare, ElementType.Real) when binder!.Operands[0].IsReal => b.Apply(compare with { Result = target }, binder.Operands[0], binder.Operands[1]),
            _ => b.Apply(new CastOp(target), x),
        };
    }

    /// <summary>Truth values or integers as reals.</summary>
    public static Value ToReal(this Builder b, Value x) => b.Cast(x, ElementType.Real);

    /// <summary>x where the condition holds, else y.</summary>
    public static Value Where(this Builder b, Value condition, Value x, Value y) => x == y ? x : b.Apply(new WhereOp(), condition, x, y);
}
