namespace L2T.Dsl.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), 0.01 by default; <c>torch.optim.AdamW</c>.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <inheritdoc/>
    public override double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override bool DecoupledWeightDecay { get; init; } = true;
}
