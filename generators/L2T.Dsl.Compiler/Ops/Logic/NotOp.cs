using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The opposite truth values.</summary>
public sealed record NotOp : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "not";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.logical_not()") { InPlace = "{0}.logical_not_()" };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].RequireBoolean();

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => operands[0].Map(x => 1 - x);
}
