using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// The greatest or least element over dimensions, which stay with size 1. The derivative goes to the elements that
/// attain it, in equal shares, as that of PyTorch's amax and amin does.
/// </summary>
/// <param name="Axes">The dimensions, ascending, not negative.</param>
public abstract record ReduceExtremumOp(EquatableArray<int> Axes) : PrimitiveOp
{
    /// <inheritdoc/>
    public sealed override string Attributes => string.Join(", ", Axes);

    /// <inheritdoc/>
    public sealed override CSharpForm CSharp => new($"{{0}}.{Name}([{string.Join(", ", Axes)}], keepdim: true)");

    /// <summary>1 for each element of the operand.</summary>
    public sealed override Dim Flops(Equation equation) => equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected sealed override TensorType InferType(EquatableArray<TensorType> operands) =>
        TensorType.Real([.. operands[0].RequireReal().Shape.Dims.Select((d, i) => Axes.Contains(i) ? Dim.One : d)]);

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.Mul(b.Expand(g, e.Operands[0].Shape), Shares(e, b))];

    /// <inheritdoc/>
    protected sealed override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Sum(b.Mul(t[0]!, Shares(e, b)), Axes);

    private Value Shares(Equation e, Builder b)
    {
        var x = e.Operands[0];
        var attained = b.ToReal(b.Compare(Comparison.Equal, x, b.Expand(e.Result, x.Shape)));
        return b.Div(attained, b.Expand(b.Sum(attained, Axes), x.Shape));
    }
}
