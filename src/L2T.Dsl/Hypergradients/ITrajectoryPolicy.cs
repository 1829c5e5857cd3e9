using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Hypergradients;

/// <summary>A way to remember trainings: what it costs, and the object that does it. Implementations hold settings and nothing else.</summary>
public interface ITrajectoryPolicy
{
    /// <summary>
    /// What of the policy changes the numbers, as text, to be saved with a teacher; null where the policy is exact in the student's usual
    /// arithmetic, so that a teacher may be taught further under any other such policy.
    /// </summary>
    string? Arithmetic => null;

    /// <summary>What remembering a training will cost.</summary>
    /// <exception cref="L2TException">A setting of the policy does not fit the training, or its budget does not suffice.</exception>
    TrajectoryPlan Plan(in TrajectorySizes sizes);

    /// <summary>Makes the memory for it.</summary>
    /// <exception cref="L2TException">As for <see cref="Plan"/>, or the memory is not to be had.</exception>
    ITrajectory Create(TrajectoryBinding binding);

    /// <summary>The student's optimizer: the one of these options, unless the policy needs an arithmetic of its own.</summary>
    /// <exception cref="L2TException">An option is out of range, or the policy cannot go back through such an optimizer.</exception>
    /// <inheritdoc cref="OptimizerOptions.Create"/>
    ReversibleOptimizer CreateOptimizer(OptimizerOptions options, TensorBlock weights, double gradientScale, bool differentiatesSettings) =>
        options.Create(weights, gradientScale, differentiatesSettings);
}
