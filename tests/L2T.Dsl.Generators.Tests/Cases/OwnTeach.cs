namespace Sample.Teachers;

[LossForm]
public sealed partial class Weighted
{
    [Coefficient(10, Init = Init.Ones)] public partial Tensor Weight { get; }
    [Coefficient] public partial Tensor Shift { get; }

    public Tensor Loss([Shape("N", 10)] Tensor output, [Labels("N")] Tensor target) => (output * Weight).sum(dim: 1).mean() + Shift;
}

[Teacher(typeof(Weighted))]
public sealed partial class Linear
{
    [Parameter(10, 11, Init = Init.Normal, Scale = 0.1)] public partial Tensor Map { get; }

    [StateFeature]
    private static float Accuracy(in StudentState s)
    {
        return s.DevAccuracy;
    }

    [StateFeature(Size = 10)] private static ReadOnlySpan<float> Precision(in StudentState s) => s.DevPrecisionPerClass[..10];

    public (Tensor, Tensor) Teach(Tensor state) => (Map.matmul(state), state.sum());
}
