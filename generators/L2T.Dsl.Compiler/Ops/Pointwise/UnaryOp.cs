using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>A real function of one real variable, applied element by element: y = f(x), dy = f'(x) dx.</summary>
public abstract record UnaryOp : PrimitiveOp
{
    /// <summary>f'(x) times a tangent or cotangent <paramref name="d"/>; null where f' is zero everywhere it exists.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="y">The result.</param>
    /// <param name="d">What is multiplied.</param>
    /// <param name="b">Takes the equations.</param>
    protected abstract Value? TimesDerivative(Value x, Value y, Value d, Builder b);

    /// <summary>f.</summary>
    protected abstract double Evaluate(double x, Bindings bindings);

    /// <summary>1 for each element.</summary>
    public sealed override Dim Flops(Equation equation) => equation.Result.Shape.Elements;

    /// <inheritdoc/>
    protected sealed override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].RequireReal();

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [TimesDerivative(e.Operands[0], e.Result, g, b)];

    /// <inheritdoc/>
    protected sealed override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => TimesDerivative(e.Operands[0], e.Result, t[0]!, b);

    /// <inheritdoc/>
    protected sealed override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0].Map(x => Evaluate(x, bindings));
}
