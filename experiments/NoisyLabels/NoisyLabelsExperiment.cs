using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;

namespace L2T.Experiments.NoisyLabels;

/// <summary>A perceptron on pictures whose labels are partly wrong, each example weighed by a network that a few clean examples teach.</summary>
[Experiment(typeof(PictureMlp), typeof(WeightTeacher), Metric = typeof(ExpectedAccuracy), Baselines = [typeof(CrossEntropy)])]
public sealed partial class NoisyLabelsExperiment
{
    /// <summary>The teacher is updated at each step, as in Shu et al. 2019.</summary>
    public override bool LookAhead { get; init; } = true;
}
