using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;

namespace L2T.Experiments.Digits;

/// <summary>A perceptron on small pictures, taught by a loss of ten slots, beside the same perceptron under fixed losses.</summary>
[Experiment(typeof(DigitsMlp), typeof(DigitsTeacher), Metric = typeof(MarginAccuracy), Baselines =
[
    typeof(CrossEntropy), typeof(SmoothZeroOne), typeof(LargeMarginSoftmax), typeof(LabelSmoothing), typeof(Focal), typeof(BilinearLoss),
])]
public sealed partial class DigitsExperiment
{
    /// <summary>The learning rate falls to 0 in a straight line, for every loss.</summary>
    public override LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear();
}
