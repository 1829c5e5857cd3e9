using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>An op with one result.</summary>
public abstract record PrimitiveOp : Op
{
    /// <inheritdoc/>
    public sealed override EquatableArray<TensorType> Infer(EquatableArray<TensorType> operands) => [InferType(operands)];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Value?> Vjp(Equation equation, IReadOnlyList<Value?> cotangents, Builder b) =>
        Reverse(equation, cotangents[0]!, b);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Value?> Jvp(Equation equation, IReadOnlyList<Value?> tangents, Builder b) =>
        [Forward(equation, tangents, b)];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<NdArray> Evaluate(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        [EvaluateOne(operands, bindings)];

    /// <summary>The type of the result.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    protected abstract TensorType InferType(EquatableArray<TensorType> operands);

    /// <summary>The reverse rule for the cotangent <paramref name="g"/> of the result: one entry for each operand.</summary>
    protected abstract IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b);

    /// <summary>The forward rule for the tangents <paramref name="t"/> of the operands.</summary>
    protected abstract Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b);

    /// <summary>The result in plain double arithmetic.</summary>
    protected abstract NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings);
}
