namespace L2T.Dsl.Hypergradients;

/// <summary>What remembering a training will cost.</summary>
/// <param name="Policy">The policy; never <see cref="TrajectoryPolicy.Auto"/>, but what that chose.</param>
/// <param name="Description">The policy, its parameters and, where it was chosen, why; for people.</param>
/// <param name="Bytes">Memory.</param>
/// <param name="DiskBytes">Space in the temporary folder.</param>
/// <param name="ExtraSteps">How many steps of training the sweep takes again.</param>
public sealed record TrajectoryPlan(TrajectoryPolicy Policy, string Description, long Bytes, long DiskBytes, long ExtraSteps);
