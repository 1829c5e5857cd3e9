using L2T.Dsl.Tensors;

namespace L2T.Dsl.Optimizers;

/// <summary>Adam (Kingma and Ba 2015); <c>torch.optim.Adam</c>. Its weight decay, if any, is coupled.</summary>
public record AdamOptions : OptimizerOptions
{
    /// <summary>b1, the weight of the past in the first moment, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>b2, the weight of the past in the second moment, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the second moment; positive. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override ReversibleOptimizer Create(TensorBlock weights, double gradientScale = 1, bool differentiatesSettings = false) =>
        new StudentAdam(weights, this, gradientScale, differentiatesSettings);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "at least 0 and less than 1");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "at least 0 and less than 1");
        Require(Epsilon is > 0 and < double.PositiveInfinity, nameof(Epsilon), Epsilon, "finite and positive, or the adjoint is not finite");
    }
}
