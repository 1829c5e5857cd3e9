using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>A real tensor filled with one number.</summary>
/// <param name="Target">Its shape.</param>
/// <param name="Fill">The number.</param>
public sealed record FullOp(Shape Target, Scalar Fill) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "full";

    /// <inheritdoc/>
    public override string Attributes => $"{Target}, {Fill}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("torch.full([{shape}], {s0}, dtype: Dtype, device: Device)") { Into = "{r}.fill_({s0})", Scalars = [Fill] };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => TensorType.Real(Target);

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => [];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => null;

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var fill = bindings.Of(Fill);
        return NdArray.Generate(bindings.Of(Target), _ => fill);
    }
}
