using L2T.Dsl.Tensors;

namespace L2T.Dsl.Optimizers;

/// <summary>Stochastic gradient descent: plain, with momentum, or with Nesterov's; <c>torch.optim.SGD</c>.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>mu, in [0, 1). Default 0: plain descent.</summary>
    public double Momentum { get; init; }

    /// <summary>What is taken off the weight of a new gradient in the velocity, in [0, 1); not at the first step. Default 0.</summary>
    public double Dampening { get; init; }

    /// <summary>Whether the step looks ahead along the velocity. Default false.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override ReversibleOptimizer Create(TensorBlock weights, double gradientScale = 1, bool differentiatesSettings = false) =>
        Nesterov ? new Nesterov(weights, this, gradientScale, differentiatesSettings)
            // With respect to mu there is a derivative at mu = 0 too.
            : Momentum > 0 || differentiatesSettings ? new Momentum(weights, this, gradientScale, differentiatesSettings)
            : new Sgd(weights, this, gradientScale);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "at least 0 and less than 1");
        Require(Dampening is >= 0 and < 1, nameof(Dampening), Dampening, "at least 0 and less than 1");
        Require(Dampening == 0 || Momentum > 0, nameof(Dampening), Dampening, "0 where there is no Momentum");
        Require(!Nesterov || (Momentum > 0 && Dampening == 0), nameof(Nesterov), Nesterov, "false without Momentum or with Dampening");
    }
}
