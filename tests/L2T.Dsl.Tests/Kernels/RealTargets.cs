using L2T.Dsl.Blocks;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Several real outputs.</summary>
[Student]
public sealed partial class CurveNetwork
{
    private readonly Linear _hidden = new(6, 5);
    private readonly Linear _output = new(5, 3);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(_hidden.Forward(x).tanh());
}

/// <summary>One real output without a dimension of its own: [N].</summary>
[Student]
public sealed partial class LineNetwork(int hidden = 4)
{
    private readonly Linear _hidden = new(6, hidden);
    private readonly Linear _output = new(hidden, 1);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(_hidden.Forward(x).tanh()).squeeze(1);
}

/// <summary>A small network of each output and its target: to second order, derivatives pass through both.</summary>
[LossForm]
public sealed partial class PairLoss(int width = 3)
{
    [Coefficient("width", 2, Init = Init.Normal, Scale = 0.6)]
    public partial Tensor Hidden { get; }

    [Coefficient("width", Init = Init.Normal, Scale = 0.3)]
    public partial Tensor Bias { get; }

    [Coefficient(1, "width", Init = Init.Ones)]
    public partial Tensor Output { get; }

    public Tensor Loss([Shape("N", "D")] Tensor output, [Shape("N", "D")] Tensor target)
    {
        var pairs = stack([output, target], -1).reshape(-1, 2);
        return functional.softplus(functional.linear(functional.linear(pairs, Hidden, Bias).tanh(), Output)).mean() + 0.5 * (output - target).square().mean();
    }
}

/// <summary>An asymmetric distance on targets [N].</summary>
[LossForm]
public sealed partial class TiltedLoss
{
    [Coefficient(2, Init = Init.Ones)]
    public partial Tensor Tilt { get; }

    public Tensor Loss([Shape("N")] Tensor output, [Shape("N")] Tensor target)
    {
        var error = output - target;
        return (Tilt[0] * functional.softplus(3 * error) + Tilt[1] * functional.softplus(-3 * error)).mean();
    }
}

/// <summary>Minus the mean absolute error of outputs [N], rounded at 0.</summary>
[Metric]
public sealed partial class LineCloseness
{
    public Tensor Measure([Shape("N")] Tensor output, [Shape("N")] Tensor target) => -((output - target).square() + 0.1).sqrt().mean();
}

/// <summary>Sees the errors that real-valued targets have.</summary>
[Teacher(typeof(PairLoss), Slots = 2)]
public sealed partial class PairTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

    [StateFeature]
    private static float TrainError(in StudentState s) => s.TrainError;

    [StateFeature]
    private static float DevError(in StudentState s) => s.DevError;
}

[Teacher(typeof(TiltedLoss), Slots = 2)]
public sealed partial class TiltedTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

/// <summary>Multiplies an accuracy that there is not.</summary>
[Teacher(typeof(PairLoss), Slots = 2)]
public sealed partial class BlindTeacher
{
    [StateFeature]
    private static float Accuracy(in StudentState s) => 10 * s.DevAccuracy;
}

[Experiment(typeof(CurveNetwork), typeof(PairTeacher), Metric = typeof(NegativeSquaredError), Baselines = [typeof(MeanSquaredError), typeof(PairLoss)])]
public sealed partial class CurveExperiment;

[Experiment(typeof(LineNetwork), typeof(TiltedTeacher), Metric = typeof(LineCloseness))]
public sealed partial class LineExperiment;

[Experiment(typeof(CurveNetwork), typeof(BlindTeacher), Metric = typeof(NegativeSquaredError))]
public sealed partial class BlindExperiment;
