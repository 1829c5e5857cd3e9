using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// The vocabulary of rules and lowering: one method an op, each folding what needs no equation. One file a family.
/// </summary>
public static partial class BuilderOps
{
    /// <summary>The number that fills a constant tensor; null for other values.</summary>
    public static Scalar? FillOf(this Builder b, Value x) => (b.Binder(x)?.Op as FullOp)?.Fill;

    /// <summary>Whether a value is a constant zero.</summary>
    public static bool IsZero(this Builder b, Value x) => b.FillOf(x)?.Value == 0;

    /// <summary>Writes a function of one number: of a constant it is a constant, and what is repeated is computed once.</summary>
    private static Value Map(this Builder b, Op op, Value x) => b.Binder(x) switch
    {
        { Op: FullOp { Fill.Value: { } c } full } => b.Full(full.Target, op.Evaluate([NdArray.Scalar(c)], Bindings.Empty)[0].Data[0]),
        { Op: ExpandOp expand } inner => b.Expand(b.Map(op, inner.Operands[0]), expand.Target),
        _ => b.Apply(op, x),
    };

    /// <summary>Writes a function of two numbers; what is repeated on both sides is computed once.</summary>
    private static Value Map(this Builder b, Op op, Value x, Value y) =>
        b.Binder(x) is { Op: ExpandOp expand } left && b.Binder(y) is { Op: ExpandOp } right && left.Operands[0].Shape == right.Operands[0].Shape
            ? b.Expand(b.Map(op, left.Operands[0], right.Operands[0]), expand.Target)
            : b.Apply(op, x, y);
}
