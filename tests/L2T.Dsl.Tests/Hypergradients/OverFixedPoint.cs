using L2T.Dsl.Hypergradients;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Hypergradients;

/// <summary>Another policy over the forward arithmetic of exact reversal.</summary>
internal sealed class OverFixedPoint(ITrajectoryPolicy policy) : ITrajectoryPolicy
{
    public TrajectoryPlan Plan(in TrajectorySizes sizes) => policy.Plan(sizes);

    public ITrajectory Create(TrajectoryBinding binding) => policy.Create(binding);

    public ReversibleOptimizer CreateOptimizer(OptimizerOptions options, TensorBlock weights, double gradientScale, bool differentiatesSettings) =>
        new FixedPointMomentum(weights, options, gradientScale);
}
