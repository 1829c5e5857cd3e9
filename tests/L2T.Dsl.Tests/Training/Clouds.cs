using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Training;

// What EagerFunctions says by hand, in the DSL.

[Student]
public sealed partial class CloudStudent
{
    [Parameter(3, 4, Init = Init.KaimingUniform)]
    public partial Tensor Weight { get; }

    [Parameter(3, Init = Init.Normal, Scale = 0.1)]
    public partial Tensor Bias { get; }

    public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight, Bias);
}

[LossForm]
public sealed partial class CloudLoss
{
    [Coefficient(3, 3, Init = Init.Identity)]
    public partial Tensor A { get; }

    // log 3
    [Coefficient(3, Init = Init.Constant, Scale = 1.0986122886681098)]
    public partial Tensor B { get; }

    public Tensor Loss([Shape("N", 3)] Tensor logits, [Labels("N")] Tensor labels)
    {
        var z = functional.log_softmax(logits, 1).matmul(A.t()) + B;
        return -z.gather(1, labels.unsqueeze(1)).sigmoid().mean();
    }
}

[Metric]
public sealed partial class CloudMetric
{
    public Tensor Measure([Shape("N", 3)] Tensor logits, [Labels("N")] Tensor labels) =>
        functional.softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean();
}

/// <summary>The features of <see cref="EagerExperiment"/>, in its order.</summary>
[Teacher(typeof(CloudLoss), Slots = EagerFunctions.Slots)]
public sealed partial class CloudTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float TrainAccuracy(in StudentState s) => s.TrainAccuracy;

    [StateFeature]
    private static float DevAccuracy(in StudentState s) => s.DevAccuracy;

    [StateFeature]
    private static float TrainLoss(in StudentState s) => s.TrainLoss;

    [StateFeature(Size = 3)]
    private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
}

[Experiment(typeof(CloudStudent), typeof(CloudTeacher), Metric = typeof(CloudMetric))]
public sealed partial class Clouds;

/// <summary>As <see cref="Clouds"/>, for a teacher whose features are piecewise constant in the student's weights.</summary>
[Teacher(typeof(CloudLoss), Slots = EagerFunctions.Slots)]
public sealed partial class StepwiseTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature(Size = 3)]
    private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
}

[Experiment(typeof(CloudStudent), typeof(StepwiseTeacher), Metric = typeof(CloudMetric))]
public sealed partial class StepwiseClouds;
