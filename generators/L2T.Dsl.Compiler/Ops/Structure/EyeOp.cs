using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>Ones on the main diagonal, zeros elsewhere.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Columns">The columns.</param>
public sealed record EyeOp(Dim Rows, Dim Columns) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "eye";

    /// <inheritdoc/>
    public override string Attributes => $"{Rows}, {Columns}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("torch.eye({d0}, {d1}, dtype: Dtype, device: Device)") { Dims = [Rows, Columns] };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => TensorType.Real(Rows, Columns);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        NdArray.Generate([bindings.Of(Rows), bindings.Of(Columns)], index => index[0] == index[1] ? 1 : 0);
}
