using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// The product of two matrices, or of two batches of matrices with the same leading sizes, each taken as it is or
/// transposed: [.., n, k] [.., k, m] -> [.., n, m]. Transposition is a flag, so that no product needs a copy.
/// </summary>
/// <param name="TransposeLeft">Whether the left operand is stored as [.., k, n].</param>
/// <param name="TransposeRight">Whether the right operand is stored as [.., m, k].</param>
public sealed record MatMulOp(bool TransposeLeft, bool TransposeRight) : PrimitiveOp
{
    private const int LongSum = 32;

    /// <inheritdoc/>
    public override string Name => "matmul";

    /// <inheritdoc/>
    public override string Attributes => (TransposeLeft, TransposeRight) switch
    {
        (false, false) => "",
        (true, false) => "left^T",
        (false, true) => "right^T",
        _ => "left^T, right^T",
    };

    /// <inheritdoc/>
    public override CSharpForm CSharp
    {
        get
        {
            var left = TransposeLeft ? "{0:T}" : "{0}";
            var right = TransposeRight ? "{1:T}" : "{1}";
            return new($"torch.matmul({left}, {right})")
            {
                Into = $"Products.Write({{r}}, {left}, {right})",
                Accumulate = $"Products.Add({{t}}, {left}, {right})",
            };
        }
    }

    /// <summary>Whether it sums over many elements.</summary>
    public override bool IsDear(Equation equation)
    {
        var left = equation.Operands[0].Shape;
        return IsLong(TransposeLeft ? left[-2] : left[-1]);
    }

    /// <summary>Whether a sum of so many products takes longer than keeping it. A size known only at run time is taken for a large one.</summary>
    internal static bool IsLong(Dim terms) => terms.Value is not { } count || count >= LongSum;

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0] || zero[1];

    /// <summary>2 n k m, as often as there are matrices.</summary>
    public override Dim Flops(Equation equation)
    {
        var left = equation.Operands[0].Shape;
        return 2 * equation.Result.Shape.Elements * (TransposeLeft ? left[-2] : left[-1]);
    }

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        Shape left = operands[0].RequireReal().Shape, right = operands[1].RequireReal().Shape;
        if (left.Rank < 2 || right.Rank < 2)
        {
            throw new ShapeException(left, right, "a matrix product needs two dimensions on both sides");
        }

        if (!left.Dims.Take(left.Rank - 2).SequenceEqual(right.Dims.Take(right.Rank - 2)))
        {
            throw new ShapeException(left, right, "the leading sizes of a batch of products must be equal");
        }

        var (n, k) = TransposeLeft ? (left[-1], left[-2]) : (left[-2], left[-1]);
        var (l, m) = TransposeRight ? (right[-1], right[-2]) : (right[-2], right[-1]);
        return k.Equals(l)
            ? TensorType.Real([.. left.Dims.Take(left.Rank - 2), n, m])
            : throw new ShapeException(left, right, $"the inner sizes of a product must be equal, but {k} is not {l}");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b)
    {
        Value left = e.Operands[0], right = e.Operands[1];
        return
        [
            TransposeLeft ? b.MatMul(right, g, TransposeRight, true) : b.MatMul(g, right, false, !TransposeRight),
            TransposeRight ? b.MatMul(g, left, true, TransposeLeft) : b.MatMul(left, g, !TransposeLeft, false),
        ];
    }

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.AddOrNull(
        t[0] is { } left ? b.MatMul(left, e.Operands[1], TransposeLeft, TransposeRight) : null,
        t[1] is { } right ? b.MatMul(e.Operands[0], right, TransposeLeft, TransposeRight) : null);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        NdArray left = operands[0], right = operands[1];
        var lead = left.Shape.Take(left.Rank - 2).ToArray();
        var (n, k) = TransposeLeft ? (left.Shape[left.Rank - 1], left.Shape[left.Rank - 2]) : (left.Shape[left.Rank - 2], left.Shape[left.Rank - 1]);
        var m = TransposeRight ? right.Shape[right.Rank - 2] : right.Shape[right.Rank - 1];
        return NdArray.Generate([.. lead, n, m], index =>
        {
            long[] batch = [.. index.Take(lead.Length)];
            long row = index[lead.Length], column = index[lead.Length + 1];
            var sum = 0.0;
            for (long i = 0; i < k; i++)
            {
                sum += left[TransposeLeft ? [.. batch, i, row] : [.. batch, row, i]] * right[TransposeRight ? [.. batch, column, i] : [.. batch, i, column]];
            }

            return sum;
        });
    }
}
