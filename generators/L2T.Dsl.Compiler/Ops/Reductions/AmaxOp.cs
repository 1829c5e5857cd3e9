using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The greatest element over dimensions.</summary>
/// <param name="Axes">The dimensions, ascending, not negative.</param>
public sealed record AmaxOp(EquatableArray<int> Axes) : ReduceExtremumOp(Axes)
{
    /// <inheritdoc/>
    public override string Name => "amax";

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        operands[0].Reduce(Axes, double.NegativeInfinity, Math.Max);
}
