using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Undoes the steps of gradient descent with momentum in <see cref="FixedPointMomentum"/>'s arithmetic, which stores the bits that a step
/// would lose: T N log2(1/mu) bits for N weights, packed. Every step's gradient is taken once more on the way back. The student is trained
/// in that arithmetic whoever trains it, with a teacher or without.
/// </summary>
public sealed class ReversalTrajectory : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public string? Arithmetic => "fixed point, 2^-40";

    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes)
    {
        var momentum = FixedPointMomentum.RequireReversible(sizes.Optimizer);
        return new(
            TrajectoryPolicy.Reversal,
            FormattableString.Invariant($"{sizes.Steps} steps undone with {Math.Log2(1 / momentum.Value):F3} stored bits a weight and step"),
            FixedPointMomentum.LostBitsBytes(sizes.Weights, sizes.Steps, momentum), 0, sizes.Steps);
    }

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => new Undoing(binding);

    /// <inheritdoc/>
    public ReversibleOptimizer CreateOptimizer(OptimizerOptions options, TensorBlock weights, double gradientScale, bool differentiatesSettings) =>
        differentiatesSettings
            ? throw new L2TException("Derivatives with respect to the optimizer's settings are not taken under TrajectoryPolicy.Reversal. Choose another TrajectoryPolicy.")
            : weights.BufferCount > 0
                ? throw new L2TException("TrajectoryPolicy.Reversal goes back without remembering, and what a step does to the student's buffers (the "
                    + "running statistics of batch normalisation) can not be undone. Choose another TrajectoryPolicy, such as SquareRoot.")
                : new FixedPointMomentum(weights, options, gradientScale);

    private sealed class Undoing : ITrajectory
    {
        private readonly TrajectoryBinding _binding;
        private readonly FixedPointMomentum _optimizer;

        public Undoing(TrajectoryBinding binding)
        {
            _binding = binding;
            _optimizer = (FixedPointMomentum)binding.Run.Optimizer;
            _optimizer.Remember(binding.Steps);
        }

        public int First => 0;

        public void BeforeStep(int step)
        {
            if (step == 0)
                _optimizer.BeginRecording();
        }

        public void AfterStep(int step)
        {
        }

        public Tensor Restore(int step)
        {
            _binding.Run.Undo(_optimizer, step);
            return _binding.Kept;
        }

        // The bits are the optimizer's.
        public void Dispose()
        {
        }
    }
}
