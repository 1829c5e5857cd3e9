using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The same tensor, taken as a constant: its derivative is defined to be zero.</summary>
public sealed record DetachOp : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "detach";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.detach()") { IsView = true };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0];

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0];
}
