using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>The tensors whose values a trajectory remembers and restores; none of them are the trajectory's own.</summary>
/// <param name="Optimized">What the optimizer's adjoint step reads, flat, the student's weights first: remembered before a step, restored to the same place.</param>
/// <param name="State">The state features [F]: remembered before a step, restored to the same place.</param>
/// <param name="Kept">What the gradient kernel keeps of a step for the hyper kernel, flat: remembered after the step.</param>
/// <param name="Restored">Where the hyper kernel expects it.</param>
internal readonly record struct TrajectoryBinding(IReadOnlyList<Tensor> Optimized, Tensor State, Tensor Kept, Tensor Restored);
