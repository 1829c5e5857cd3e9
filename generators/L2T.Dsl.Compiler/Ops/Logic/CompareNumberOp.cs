using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Compares each element of a tensor with a number.</summary>
/// <param name="Comparison">How; the element stands on the left.</param>
/// <param name="Number">The number.</param>
/// <param name="Result"><see cref="ElementType.Boolean"/>, or, for reals alone, <see cref="ElementType.Real"/>: 1 and 0.</param>
public sealed record CompareNumberOp(Comparison Comparison, Scalar Number, ElementType Result) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => Comparison.Method();

    /// <inheritdoc/>
    public override string Attributes => Result == ElementType.Real ? $"{Number}, real" : Number.ToString()!;

    /// <inheritdoc/>
    public override CSharpForm CSharp => Comparison.Form("{s0}", Result == ElementType.Real) with { Scalars = [Number] };

    /// <summary>1 for each element.</summary>
    public override Dim Flops(Equation equation) => equation.Result.Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        (Result == ElementType.Real ? operands[0].RequireReal() : operands[0]) with { Element = Result };

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var number = bindings.Of(Number);
        return operands[0].Map(x => Comparison.Holds(x, number) ? 1 : 0);
    }
}
