using L2T.Dsl.Blocks;
using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Experiments.Tests;

[Student]
public sealed partial class DotsStudent
{
    private readonly Linear _output = new(4, 3);

    public Tensor Forward([Shape("N", 4)] Tensor x) => _output.Forward(x);
}

[Teacher(typeof(BilinearLoss), Slots = 2)]
public sealed partial class DotsTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

[Experiment(typeof(DotsStudent), typeof(DotsTeacher), Baselines = [typeof(CrossEntropy), typeof(Focal)])]
public sealed partial class DotsExperiment
{
    /// <summary>A setting of its own.</summary>
    public double Spice { get; init; } = 0.5;

    /// <summary>Three overlapping clouds, drawn once.</summary>
    public static DataSplit Draw()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var labels = randint(3, [240], dtype: ScalarType.Int64, generator: generator);
        var inputs = randn([240, 4], generator: generator) + 1.5f * eye(3, 4).index_select(0, labels);
        using var all = new LabelledData(inputs, labels, 3, "dots");
        return DataSplit.Shuffled(all, 120, 60, 60, seed: 1);
    }
}
