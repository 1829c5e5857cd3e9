using L2T.Dsl.Blocks;
using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Experiments.Tests;

[Student]
public sealed partial class WaveStudent
{
    private readonly Linear _hidden = new(2, 6);
    private readonly Linear _output = new(6, 1);

    public Tensor Forward([Shape("N", 2)] Tensor x) => _output.Forward(_hidden.Forward(x).tanh());
}

[LossForm]
public sealed partial class WeighedSquares
{
    [Coefficient(Init = Init.Ones)]
    public partial Tensor Weight { get; }

    public Tensor Loss([Shape("N", 1)] Tensor output, [Shape("N", 1)] Tensor target) => (Weight * (output - target).square()).mean();
}

[Teacher(typeof(WeighedSquares), Slots = 2)]
public sealed partial class WaveTeacher
{
    [StateFeature]
    private static float DevError(in StudentState s) => s.DevError;
}

[Experiment(typeof(WaveStudent), typeof(WaveTeacher), Metric = typeof(NegativeSquaredError), Baselines = [typeof(MeanSquaredError), typeof(WeighedSquares)])]
public sealed partial class WavesExperiment
{
    /// <summary>Real numbers in place of classes, drawn once.</summary>
    public static DataSplit Draw()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var inputs = randn([120, 2], generator: generator);
        using var all = new LabelledData(inputs, inputs.sum(dim: 1, keepdim: true).sin(), "waves");
        return DataSplit.Shuffled(all, 60, 30, 30, seed: 1, heldOut: 0);
    }
}
