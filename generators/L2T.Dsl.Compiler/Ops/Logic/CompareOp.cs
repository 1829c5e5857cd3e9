using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Compares two tensors of one type element by element.</summary>
/// <param name="Comparison">How.</param>
/// <param name="Result"><see cref="ElementType.Boolean"/>, or, for reals alone, <see cref="ElementType.Real"/>: 1 and 0.</param>
public sealed record CompareOp(Comparison Comparison, ElementType Result) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => Comparison.Method();

    /// <inheritdoc/>
    public override string Attributes => Result == ElementType.Real ? "real" : "";

    /// <inheritdoc/>
    public override CSharpForm CSharp => Comparison.Form("{1}", Result == ElementType.Real);

    /// <summary>1 for each element.</summary>
    public override Dim Flops(Equation equation) => equation.Result.Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        if (Result == ElementType.Real)
        {
            operands[0].RequireReal();
        }

        return operands[0] == operands[1]
            ? operands[0] with { Element = Result }
            : throw new ShapeException(operands[0].ToString(), operands[1].ToString(), "what is compared must have one type and shape here");
    }

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        operands[0].Zip(operands[1], (x, y) => Comparison.Holds(x, y) ? 1 : 0);
}
