using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>A loss whose coefficients stay at their initial values: what a taught loss is compared with.</summary>
/// <param name="Name">The name to train and report it under.</param>
/// <param name="Coefficients">Layout of its coefficients; empty for a loss without any.</param>
/// <param name="Create">The kernel of its gradient, bound to (w, phi, into, n); see
/// <see cref="LossTeacherExperiment.CreateLoss"/>.</param>
/// <param name="Program">A digest of what it computes: a training that began with another is not gone on with. Null where that is not known.</param>
public sealed record FixedLoss(
    string Name,
    IReadOnlyList<TensorSlot> Coefficients,
    Func<TensorBlock, TensorBlock, TensorBlock, long, GradientKernel> Create,
    string? Program = null);
