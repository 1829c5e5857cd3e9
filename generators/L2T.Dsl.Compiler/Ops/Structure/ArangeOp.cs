using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The integers 0, 1, 2 ...</summary>
/// <param name="Count">How many.</param>
public sealed record ArangeOp(Dim Count) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "arange";

    /// <inheritdoc/>
    public override string Attributes => $"{Count}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("torch.arange({d0}, dtype: torch.int64, device: Device)") { Dims = [Count] };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => TensorType.Integer(Count);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => NdArray.Generate([bindings.Of(Count)], index => index[0]);
}
