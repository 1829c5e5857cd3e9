using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Sums over dimensions, which stay with size 1; dropping them is a reshape.</summary>
/// <param name="Axes">The dimensions, ascending, not negative.</param>
public sealed record SumOp(EquatableArray<int> Axes) : PrimitiveOp
{
    // From here on what is kept is little beside what would be read again.
    private const long Many = 64;

    /// <inheritdoc/>
    public override string Name => "sum";

    /// <inheritdoc/>
    public override string Attributes => string.Join(", ", Axes);

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.sum([{string.Join(", ", Axes)}], keepdim: true)") { Into = $"Small.Sum({{r}}, {{0}}, {string.Join(", ", Axes)})" };

    /// <summary>Whether each sum is one of many elements. A size known only at run time is taken for a large one.</summary>
    public override bool IsDear(Equation equation) =>
        Axes.Select(a => equation.Operands[0].Shape[a].Value ?? Many).Aggregate(1L, (count, size) => count * size) >= Many;

    /// <inheritdoc/>
    public override bool IsZeroWhen(IReadOnlyList<bool> zero) => zero[0];

    /// <summary>1 for each element of the operand.</summary>
    public override Dim Flops(Equation equation) => equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        TensorType.Real([.. operands[0].RequireReal().Shape.Dims.Select((d, i) => Axes.Contains(i) ? Dim.One : d)]);

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [b.Expand(g, e.Operands[0].Shape)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Sum(t[0]!, Axes);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0].SumKeep(Axes);
}
