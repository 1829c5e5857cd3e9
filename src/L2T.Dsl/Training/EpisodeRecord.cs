namespace L2T.Dsl.Training;

/// <summary>
/// One episode of teaching: students trained from their starts under the teacher as it then was, and what came of it. Figures of
/// several students (<see cref="LossTeacherExperiment.RolloutsPerUpdate"/>) are their means.
/// </summary>
/// <param name="Episode">Counts from 0.</param>
/// <param name="Metric">The relaxed metric of the trained student on the development examples: what the teacher raises.</param>
/// <param name="DevError">Its error on the development examples: the share of wrong answers, or the mean squared error.</param>
/// <param name="HeldOutError">Its error on the held-out examples; null where there are none.</param>
/// <param name="TrainLoss">The running average of the training loss at the end.</param>
/// <param name="GradientNorm">The Euclidean norm of the teacher's gradient, before clipping; of look-ahead, the mean over the steps.</param>
/// <param name="Coefficients">Where the coefficients lay, over all steps at which the development figures were refreshed.</param>
/// <param name="TeacherLearningRate">The learning rate of the teacher's (last) update in the episode.</param>
public sealed record EpisodeRecord(
    int Episode,
    double Metric,
    double DevError,
    double? HeldOutError,
    double TrainLoss,
    double GradientNorm,
    IReadOnlyList<CoefficientRange> Coefficients,
    double TeacherLearningRate);
