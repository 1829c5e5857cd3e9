using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// The mask of dropout: each element is 0 with probability p, else 1 / (1 - p). It is a function of the run's noise key, of
/// the place that draws it and of the element's position, so that whoever runs the step again, or its derivative, draws the
/// same mask without having kept it.
/// </summary>
/// <param name="Target">Its shape.</param>
/// <param name="Probability">p.</param>
/// <param name="Site">The number of the place in the program.</param>
public sealed record DropoutMaskOp(Shape Target, Scalar Probability, int Site) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "dropout_mask";

    /// <inheritdoc/>
    public override string Attributes => $"{Target}, {Probability}, site {Site.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Noise.DropoutMask([{{shape}}], NoiseKey, {Site}, {{s0}}, Dtype, Device)")
    {
        Into = $"Noise.DropoutMask({{r}}, NoiseKey, {Site}, {{s0}})",
        Scalars = [Probability],
    };

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => TensorType.Real(Target);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var p = bindings.Of(Probability);
        var position = 0L;
        return NdArray.Generate(bindings.Of(Target), _ => Draws.Uniform(bindings.NoiseKey, Site, position++) < p ? 0 : 1 / (1 - p));
    }
}
