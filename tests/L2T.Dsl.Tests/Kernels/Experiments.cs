using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Students;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

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

[Experiment(typeof(SkipNetwork), typeof(MixedTeacher), Metric = typeof(ExpectedAccuracy), Baselines = [typeof(MixedLoss)])]
public sealed partial class SkipExperiment;

[Experiment(typeof(SkipNetwork), typeof(MixedTeacher), Metric = typeof(ExpectedAccuracy), Baselines = [typeof(MixedLoss)], CrossEntropyShare = 0.3)]
public sealed partial class SharedExperiment;

[Experiment(typeof(TiedNetwork), typeof(MixedTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class TiedExperiment;

[Experiment(typeof(AwkwardNames), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class AwkwardExperiment;

[Experiment(typeof(FallbackNetwork), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class FallbackExperiment;

/// <summary>Sees what changes with the student, smoothly and in steps.</summary>
[Teacher(typeof(BilinearLoss), Slots = 3)]
public sealed partial class SeeingTeacher
{
    [StateFeature]
    private static float TrainLoss(in StudentState s) => s.TrainLoss;

    [StateFeature(Size = 4)]
    private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
}

/// <summary>A teacher with a body of its own: one hidden layer, and a parameter that no state reaches.</summary>
[Teacher(typeof(BilinearLoss))]
public sealed partial class NetworkTeacher
{
    [Parameter(5, 2, Init = Init.Normal, Scale = 0.5)]
    public partial Tensor Hidden { get; }

    [Parameter(16, 5, Init = Init.Normal, Scale = 0.2)]
    public partial Tensor ToMatrix { get; }

    [Parameter(4, Init = Init.Normal, Scale = 0.1)]
    public partial Tensor Bias { get; }

    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float DevAccuracy(in StudentState s) => s.DevAccuracy;

    public (Tensor W, Tensor B) Teach([Shape(2)] Tensor state)
    {
        var h = functional.linear(state.unsqueeze(0), Hidden).tanh();
        return (functional.linear(h, ToMatrix).view(4, 4) + eye(4), Bias.exp());
    }
}

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class SeeingExperiment;

[Experiment(typeof(Perceptron), typeof(NetworkTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class NetworkExperiment;

[Experiment(typeof(NormNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Baselines = [typeof(CrossEntropy)])]
public sealed partial class NormExperiment;

[Experiment(typeof(NormStack), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class NormStackExperiment;

[Experiment(typeof(WideNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class WideExperiment;

[Experiment(typeof(ResNet), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class ResNetExperiment;

[Experiment(typeof(DenseNet), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class DenseNetExperiment;

[Experiment(typeof(DenseNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class DenseExperiment;

[Experiment(typeof(ResidualStack), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class ResidualStackExperiment;

[Experiment(typeof(RecurrentNetwork), typeof(BilinearTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class RecurrentExperiment;

/// <summary>As <see cref="BilinearTeacher"/>, for words.</summary>
[Teacher(typeof(DiagonalTokenLoss), Slots = 2)]
public sealed partial class TokenTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float Right(in StudentState s) => s.DevAccuracy;
}

[Experiment(typeof(LstmTranslator), typeof(TokenTeacher), Metric = typeof(ExpectedTokenAccuracy), Baselines = [typeof(TokenCrossEntropy)])]
public sealed partial class LstmExperiment;

[Experiment(typeof(TransformerTranslator), typeof(TokenTeacher), Metric = typeof(ExpectedTokenAccuracy))]
public sealed partial class TransformerExperiment;

[Experiment(typeof(DropoutNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Baselines = [typeof(CrossEntropy)])]
public sealed partial class DropoutExperiment;

[Experiment(typeof(NormNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Revolve)]
public sealed partial class NormReplayExperiment;

[Experiment(typeof(DropoutNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class DropoutReplayExperiment;

[Experiment(typeof(CentredNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Baselines = [typeof(CrossEntropy)])]
public sealed partial class CentredExperiment;

[Experiment(typeof(CentredNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class CentredReplayExperiment;

[Experiment(typeof(NormNetwork), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Reversal)]
public sealed partial class NormReversalExperiment;

[Experiment(typeof(Perceptron), typeof(BilinearTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Reversal, Baselines = [typeof(CrossEntropy)])]
public sealed partial class WarmReversalExperiment;

[Experiment(typeof(LstmTranslator), typeof(TokenTeacher), Metric = typeof(SampledBleu))]
public sealed partial class SampledExperiment;
