using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;

namespace L2T.Experiments.Cifar;

/// <summary>A densely connected network under a taught loss and under fixed ones.</summary>
[Experiment(typeof(DenseNet), typeof(CifarTeacher), Metric = typeof(MarginAccuracy), Baselines =
[
    typeof(CrossEntropy), typeof(SmoothZeroOne), typeof(LargeMarginSoftmax), typeof(LabelSmoothing), typeof(Focal),
],
Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class DenseNetExperiment
{
    /// <summary>Where the data comes from.</summary>
    public required CifarPictures Pictures { get; init; }

    /// <inheritdoc/>
    public override DataSplit Data => Pictures.Split;

    /// <summary>The learning rate falls to 0 in a straight line, for every loss.</summary>
    public override LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear();
}
