using L2T.Dsl.Optimizers;

namespace L2T.Dsl.Hypergradients;

/// <summary>What the cost of a trajectory depends on.</summary>
/// <param name="Steps">T.</param>
/// <param name="CarriedBytes">Size of what one step hands to the next.</param>
/// <param name="AdjointBytes">Size of what of it the adjoint of a step reads.</param>
/// <param name="KeptBytes">Size of what a step keeps for its adjoint, at most.</param>
/// <param name="Weights">Number of the student's weights.</param>
/// <param name="Optimizer">What trains the student.</param>
/// <param name="OtherBytes">What the run holds in memory beside the trajectory.</param>
public readonly record struct TrajectorySizes(
    int Steps, long CarriedBytes, long AdjointBytes, long KeptBytes, long Weights, OptimizerOptions Optimizer, long OtherBytes);
