using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Each label as a row of zeros with a one at the label, in a new last dimension.</summary>
/// <param name="Classes">The length of the rows.</param>
public sealed record OneHotOp(Dim Classes) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "one_hot";

    /// <inheritdoc/>
    public override string Attributes => $"{Classes}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("torch.nn.functional.one_hot({0}, {d0})") { Dims = [Classes] };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        TensorType.Integer([.. operands[0].RequireInteger().Shape.Dims, Classes]);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var labels = operands[0];
        return NdArray.Generate([.. labels.Shape, bindings.Of(Classes)], index => labels[[.. index.Take(labels.Rank)]] == index[labels.Rank] ? 1 : 0);
    }
}
