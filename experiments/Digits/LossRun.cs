using L2T.Dsl.Training;

namespace L2T.Experiments.Digits;

/// <summary>The students that one loss trained in one repetition.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Students">The students; empty where training failed.</param>
/// <param name="Failure">Why it did.</param>
internal sealed record LossRun(string Loss, IReadOnlyList<TrainedStudent> Students, NonFiniteException? Failure)
{
    /// <summary>Their mean share of wrong answers on the development examples.</summary>
    public double DevError => Students.Average(student => student.DevError);
}
