using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Sees nothing but the time.</summary>
[Teacher(typeof(BilinearLoss), Slots = 3)]
public sealed partial class BilinearTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float Left(in StudentState s) => 1 - ((float)s.Step / s.TotalSteps);
}

/// <summary>As <see cref="BilinearTeacher"/>, for the other form.</summary>
[Teacher(typeof(MixedLoss), Slots = 2)]
public sealed partial class MixedTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

[Experiment(typeof(SoftmaxRegression), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class RegressionExperiment;

[Experiment(
    typeof(Perceptron),
    typeof(BilinearTeacher),
    Metric = typeof(SmoothAccuracy),
    Baselines = [typeof(CrossEntropy), typeof(SmoothZeroOne), typeof(LargeMarginSoftmax), typeof(LabelSmoothing), typeof(Focal), typeof(BilinearLoss)])]
public sealed partial class PerceptronExperiment;

[Experiment(typeof(SkipNetwork), typeof(MixedTeacher), Metric = typeof(ExpectedAccuracy), Optimizer = StudentOptimizer.Momentum)]
public sealed partial class SkipExperiment;

[Experiment(typeof(TiedNetwork), typeof(MixedTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class TiedExperiment;

[Experiment(typeof(AwkwardNames), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class AwkwardExperiment;

[Experiment(typeof(FallbackNetwork), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class FallbackExperiment;
