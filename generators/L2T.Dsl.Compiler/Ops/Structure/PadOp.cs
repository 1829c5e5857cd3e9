using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Puts zeros before and after the elements of each dimension: the transpose of taking a stretch.</summary>
/// <param name="Before">How many before, one number a dimension.</param>
/// <param name="After">How many after, one number a dimension.</param>
public sealed record PadOp(EquatableArray<Dim> Before, EquatableArray<Dim> After) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", Padded.Select(d => $"{d}: {Before[d]} + {After[d]}"));

    /// <inheritdoc/>
    public override CSharpForm CSharp
    {
        get
        {
            // libtorch counts from the last dimension.
            var ends = Enumerable.Range(0, Before.Count).Reverse().Select(d => $"{{d{2 * d}}}, {{d{(2 * d) + 1}}}");
            var form = new CSharpForm($"torch.nn.functional.pad({{0}}, [{string.Join(", ", ends)}])")
            {
                Scalars = [0.0],
                Dims = Before.SelectMany((before, d) => new[] { before, After[d] }).ToEquatableArray(),
            };
            if (Padded.ToArray() is not [var axis])
            {
                return form;
            }

            // The part is a tensor object of its own, and in-place methods return it.
            var part = $"narrow({axis}, {{d{2 * axis}}}, {{0}}.size({axis}))";
            return form with
            {
                Into = $"{{r}}.fill_({{s0}}).{part}.copy_({{0}}).Dispose()",
                Accumulate = $"{{t}}.{part}.add_({{0}}).Dispose()",
            };
        }
    }

    /// <summary>The dimensions that grow.</summary>
    internal IEnumerable<int> Padded => Enumerable.Range(0, Before.Count).Where(d => Before[d].Value != 0 || After[d].Value != 0);

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var shape = operands[0].RequireReal().Shape;
        return shape.Rank == Before.Count && shape.Rank == After.Count
            ? TensorType.Real([.. shape.Dims.Select((d, i) => Before[i] + d + After[i])])
            : throw new ShapeException(shape.ToString(), $"padding of {Before.Count} dimensions", "there must be one number a dimension");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [Padded.Aggregate(g, (part, d) => b.Narrow(part, d, Before[d], e.Operands[0].Shape[d]))];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Apply(this, t[0]!);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        long[] before = [.. Before.Select(bindings.Of)], after = [.. After.Select(bindings.Of)];
        return NdArray.Generate([.. x.Shape.Select((size, d) => before[d] + size + after[d])], index =>
        {
            long[] from = [.. index.Select((i, d) => i - before[d])];
            return from.Where((i, d) => i < 0 || i >= x.Shape[d]).Any() ? 0 : x[from];
        });
    }
}
