using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>A real function of two real variables, applied element by element to operands of one shape; broadcasting is an op of its own.</summary>
public abstract record BinaryOp : PrimitiveOp
{
    /// <summary>f.</summary>
    protected abstract double Evaluate(double x, double y);

    /// <summary>1 for each element.</summary>
    public sealed override Dim Flops(Equation equation) => equation.Result.Shape.Elements;

    /// <inheritdoc/>
    protected sealed override TensorType InferType(EquatableArray<TensorType> operands)
    {
        operands[0].RequireReal();
        operands[1].RequireReal();
        return operands[0].Shape == operands[1].Shape
            ? operands[0]
            : throw new ShapeException(operands[0].Shape, operands[1].Shape, "operands must have one shape here");
    }

    /// <inheritdoc/>
    protected sealed override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0].Zip(operands[1], Evaluate);
}
