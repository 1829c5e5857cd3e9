using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>An op whose derivative is zero wherever it exists, or that is defined to have none.</summary>
public abstract record ZeroDerivativeOp : PrimitiveOp
{
    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => new Value?[e.Operands.Count];

    /// <inheritdoc/>
    protected sealed override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => null;
}
