using System.Runtime.CompilerServices;
using L2T.Dsl.Blocks;
using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.EndToEnd.Tests;

#pragma warning disable L2T2002 // what is tested here

/// <summary>A call without rule that does not keep the shape of its tensor: the generator can't know.</summary>
[Block]
public sealed partial class Normalised
{
    public Tensor Forward([Shape("N", "size")] Tensor x) => x / x.norm(1);
}

#pragma warning restore L2T2002

[Student]
public sealed partial class NormalisedNet
{
    private readonly Normalised _normalised = new();
    private readonly Linear _output = new(4, 3);

    public Tensor Forward([Shape("N", 4)] Tensor x) => _output.Forward(_normalised.Forward(x));
}

[Teacher(typeof(BilinearLoss))]
public sealed partial class NormalisedTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

[Experiment(typeof(NormalisedNet), typeof(NormalisedTeacher), Baselines = [typeof(CrossEntropy)])]
public sealed partial class NormalisedExperiment;

public sealed class FallbackTests
{
    [Fact]
    public void A_call_that_changes_the_shape_is_named_as_the_user_wrote_it_with_file_and_line()
    {
        using var inputs = ones(8, 4);
        using var labels = zeros(8, int64);
        using var all = new LabelledData(inputs, labels, 3);
        var experiment = new NormalisedExperiment { Data = new DataSplit(all, all, all), Steps = 1, BatchSize = 8 };

        var fault = Assert.Throws<L2TException>(() => experiment.Train("CrossEntropy", seed: 1));

        Assert.Equal(
            $"'x.norm(1)' in FallbackTests.cs, line {LineOf("x.norm(1);")}, has no derivative rule and gave a tensor of shape [8] for a first tensor of shape [8, 4]. "
            + "A call without rule must keep the shape of its first tensor: the code around it was generated for that shape. "
            + "Write it with calls that have rules: generators/docs/vocabulary.md lists them.",
            fault.Message);
    }

    private static int LineOf(string text, [CallerFilePath] string path = "") => Array.FindIndex(File.ReadAllLines(path), line => line.Contains(text, StringComparison.Ordinal)) + 1;
}
