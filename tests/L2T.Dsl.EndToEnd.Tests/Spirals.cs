using L2T.Dsl.Blocks;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.EndToEnd.Tests;

/// <summary>A student as a user writes one.</summary>
[Student]
public sealed partial class SpiralStudent
{
    private readonly Linear _hidden = new(2, 16);
    private readonly Linear _output = new(16, 3);

    public Tensor Forward([Shape("N", 2)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}

/// <summary>A teacher as a user writes one.</summary>
[Teacher(typeof(BilinearLoss), Slots = 3)]
public sealed partial class SpiralTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float DevAccuracy(in StudentState s) => s.DevAccuracy;

    [StateFeature(Size = 3)]
    private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
}

/// <summary>An experiment as a user writes one.</summary>
[Experiment(typeof(SpiralStudent), typeof(SpiralTeacher), Metric = typeof(SmoothAccuracy), Baselines = [typeof(CrossEntropy)])]
public sealed partial class SpiralExperiment;

/// <summary>A teacher with a body of its own: one hidden layer instead of memory slots.</summary>
[Teacher(typeof(BilinearLoss))]
public sealed partial class NetworkTeacher
{
    [Parameter(4, 2, Init = Init.Normal, Scale = 0.5)]
    public partial Tensor Hidden { get; }

    [Parameter(9, 4, Init = Init.Normal, Scale = 0.1)]
    public partial Tensor ToMatrix { get; }

    [Parameter(3, 4, Init = Init.Normal, Scale = 0.1)]
    public partial Tensor ToBias { get; }

    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float TrainAccuracy(in StudentState s) => s.TrainAccuracy;

    public (Tensor W, Tensor B) Teach([Shape(2)] Tensor state)
    {
        var h = functional.linear(state.unsqueeze(0), Hidden).tanh();
        var matrix = functional.linear(h, ToMatrix).view(3, 3) + eye(3);
        return (matrix, functional.linear(h, ToBias).squeeze(0));
    }
}

/// <summary>The same student under that teacher.</summary>
[Experiment(typeof(SpiralStudent), typeof(NetworkTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class NetworkExperiment;
