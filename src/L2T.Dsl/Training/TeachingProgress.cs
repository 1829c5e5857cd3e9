using L2T.Dsl.Metrics;

namespace L2T.Dsl.Training;

/// <summary>Reported after every episode of teaching.</summary>
/// <param name="Record">The episode.</param>
/// <param name="Episodes">How many there are to be.</param>
/// <param name="Elapsed">Time since this call to teach began.</param>
/// <param name="Measure">What the errors of the record are.</param>
public sealed record TeachingProgress(EpisodeRecord Record, int Episodes, TimeSpan Elapsed, ErrorMeasure Measure = ErrorMeasure.ErrorRate)
{
    /// <summary>
    /// The coefficients at all steps of the episode at which the development figures were refreshed; of several students
    /// (<see cref="LossTeacherExperiment.RolloutsPerUpdate"/>), one student after the other.
    /// </summary>
    public IReadOnlyList<CoefficientSnapshot> Coefficients { get; init; } = [];
}
