using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sample;

[Block]
public sealed partial class Linear(int inFeatures, int outFeatures)
{
    [Parameter("outFeatures", "inFeatures", Init = Init.KaimingUniform)] public partial Tensor Weight { get; }
    [Parameter("outFeatures")] public partial Tensor Bias { get; }

    public Tensor Forward([Shape("N", "inFeatures")] Tensor x) => functional.linear(x, Weight, Bias);
}

[Student]
public sealed partial class DigitsMlp
{
    private readonly Linear _hidden = new(64, 32);
    private readonly Linear _output = new(32, 10);

    public Tensor Forward([Shape("N", 64)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}

[LossForm]
public sealed partial class BilinearLoss(int classes)
{
    [Coefficient("classes", "classes", Init = Init.Identity)] public partial Tensor W { get; }
    [Coefficient("classes")] public partial Tensor B { get; }

    public Tensor Loss([Shape("N", "classes")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var y = functional.one_hot(labels, classes).to(logits.dtype);
        var z = matmul(functional.log_softmax(logits, 1), W) + B;
        return -sigmoid((y * z).sum(dim: 1)).mean();
    }
}

[Metric]
public sealed partial class ExpectedAccuracy
{
    public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) =>
        functional.softmax(output, 1).gather(1, target.unsqueeze(1)).mean();
}

[Teacher(typeof(BilinearLoss), Slots = 10)]
public sealed partial class AttentionTeacher
{
    [StateFeature] private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
    [StateFeature] private static float TrainAccuracy(in StudentState s) => s.TrainAccuracy;
    [StateFeature] private static float DevAccuracy(in StudentState s) => s.DevAccuracy;
    [StateFeature(Size = 10)] private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
}

[Experiment(typeof(DigitsMlp), typeof(AttentionTeacher), Metric = typeof(ExpectedAccuracy), Baselines = [typeof(BilinearLoss)])]
public sealed partial class DigitsExperiment
{
}
