using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;

namespace L2T_Experiment;

/// <summary>
/// The student under the teacher's loss, and under fixed ones to compare with. Settings are typed properties, here or in Program.cs; each is an
/// option of the command line, one that you add too.
/// </summary>
[Experiment(typeof(DigitsMlp), typeof(DigitsTeacher), Metric = typeof(MarginAccuracy), Baselines =
[
    typeof(CrossEntropy), typeof(LabelSmoothing), typeof(Focal),
])]
public sealed partial class DigitsExperiment
{
    /// <summary>The learning rate falls to 0 in a straight line, for every loss.</summary>
    public override LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear();
}
