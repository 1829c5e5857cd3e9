using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>The tensors whose values a trajectory remembers and restores; none of them are the trajectory's own.</summary>
/// <param name="Weights">The student's weights, flat: remembered before a step, restored to the same place.</param>
/// <param name="State">The state features [F]: remembered before a step, restored to the same place.</param>
/// <param name="Kept">What the gradient kernel keeps of a step for the hyper kernel, flat: remembered after the step.</param>
/// <param name="Restored">Where the hyper kernel expects it.</param>
internal readonly record struct TrajectoryBinding(Tensor Weights, Tensor State, Tensor Kept, Tensor Restored);
