using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Products of matrices.</content>
public static partial class BuilderOps
{
    /// <summary>The product of matrices, each transposed or not; an operand that is a transpose already is read as what it transposes.</summary>
    public static Value MatMul(this Builder b, Value left, Value right, bool transposeLeft = false, bool transposeRight = false)
    {
        if (b.Transposed(left) is { } l)
        {
            return b.MatMul(l, right, !transposeLeft, transposeRight);
        }

        return b.Transposed(right) is { } r
            ? b.MatMul(left, r, transposeLeft, !transposeRight)
            : b.Apply(new MatMulOp(transposeLeft, transposeRight), left, right);
    }

    /// <summary>The matrices that x is the transpose of.</summary>
    private static Value? Transposed(this Builder b, Value x) => b.Binder(x) is { Op: PermuteOp { IsTranspose: true } } permute ? permute.Operands[0] : null;
}
