using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Joins the truth values of two tensors of one shape.</summary>
/// <param name="Both">Whether both must hold; else one is enough.</param>
public sealed record LogicalOp(bool Both) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => Both ? "and" : "or";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.logical_{Name}({{1}})")
    {
        InPlace = $"{{0}}.logical_{Name}_({{1}})",
        InPlaceRight = $"{{1}}.logical_{Name}_({{0}})",
    };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        operands[0].RequireBoolean() == operands[1].RequireBoolean()
            ? operands[0]
            : throw new ShapeException(operands[0].Shape, operands[1].Shape, "operands must have one shape here");

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        operands[0].Zip(operands[1], (x, y) => Both ? x * y : Math.Max(x, y));
}
