namespace L2T.Dsl.Training;

/// <summary>A shape that training batches of an experiment have.</summary>
/// <param name="Experiment">The experiment with its student at that size: what makes its kernels.</param>
/// <param name="BatchSize">Examples in a batch.</param>
internal sealed record BatchShape(LossTeacherExperiment Experiment, int BatchSize);
