using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;

namespace L2T.Experiments.FashionMnist;

/// <summary>The perceptron under a taught loss and under fixed ones.</summary>
[Experiment(typeof(FashionMlp), typeof(FashionTeacher), Metric = typeof(MarginAccuracy), Baselines =
[
    typeof(CrossEntropy), typeof(SmoothZeroOne), typeof(LargeMarginSoftmax), typeof(LabelSmoothing), typeof(Focal),
])]
public sealed partial class MlpExperiment
{
    /// <summary>Where the data comes from.</summary>
    public required FashionPictures Pictures { get; init; }

    /// <summary>Pictures to train on.</summary>
    public int TrainExamples { get; init; } = 55_000;

    /// <summary>Pictures for development.</summary>
    public int DevExamples { get; init; } = 4_000;

    /// <summary>As many pictures as the settings say.</summary>
    public override DataSplit Data => Pictures.Split(TrainExamples, DevExamples);

    /// <summary>The learning rate falls to 0 in a straight line, for every loss.</summary>
    public override LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear();
}
