using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Generated;

/// <summary>One fault is one error: code that uses an experiment which could not be compiled is not reported too.</summary>
public sealed class OutlineTests
{
    private const string Source = """
        using L2T.Dsl.Data;
        using L2T.Dsl.Losses;

        [Student] public sealed partial class Net(int hidden)
        {
            private readonly L2T.Dsl.Blocks.Linear _hidden = new(4, hidden);
            private readonly L2T.Dsl.Blocks.Linear _output = new(hidden, 3);
            public Tensor Forward([Shape("N", 4)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
        }

        [Teacher(typeof(BilinearLoss), Slots = 3)] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
        }

        [Experiment(typeof(Net), typeof(Guide), Baselines = [typeof(CrossEntropy)], Trajectory = TrajectoryPolicy.Revolve)]
        public sealed partial class Trial;

        public static class Use
        {
            public static void Run(DataSplit data)
            {
                var trial = new Trial { Student = new Net(8), Data = data, Steps = 300, LearningRate = 1, Episodes = 100, CheckpointPath = "teacher.l2t", TrajectorySnapshots = 4 };
                var taught = trial.TeachOrResume();
                var student = trial.Train("CrossEntropy", seed: 1);
                Console.WriteLine(trial.Evaluate(student, data.Test));
            }
        }
        """;

    [Fact]
    public void Sample_is_sound() => Assert.Empty(Errors(Source));

    [Theory]
    [InlineData("new(hidden, 3)", "new(hidden + 1, 3)", "L2T3001")]                                        // shapes of the student
    [InlineData("functional.relu(_hidden.Forward(x))", "_hidden.Forward(x).relu_()", "L2T2001")]           // a body that can't be read
    [InlineData("functional.relu(_hidden.Forward(x))", "functional.relu(_hiden.Forward(x))", "CS0103")]    // a fault of C# in it
    [InlineData("[Shape(\"N\", 4)] ", "", "L2T1005")]
    [InlineData("[Student] ", "", "L2T5004")]
    [InlineData("[StateFeature] ", "", "L2T5006")]                                                         // the teacher
    [InlineData("Slots = 3", "Slots = 0", "L2T5007")]
    [InlineData("[typeof(CrossEntropy)]", "[typeof(CrossEntropy), typeof(CrossEntropy)]", "L2T5007")]      // the experiment
    [InlineData("[typeof(CrossEntropy)]", "[typeof(CrosEntropy)]", "CS0246")]
    [InlineData("Baselines =", "Metric = typeof(MeanSquaredError), Baselines =", "L2T5004")]
    [InlineData("Baselines =", "CrossEntropyShare = 2, Baselines =", "L2T5007")]
    [InlineData("typeof(Net), typeof(Guide)", "typeof(Nett), typeof(Guide)", "CS0246")]
    public void One_fault_is_one_error(string before, string after, string expected)
    {
        Assert.Contains(before, Source, StringComparison.Ordinal);

        Assert.Equal([expected], Errors(Source.Replace(before, after, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_outline_requires_nothing()
    {
        var source = Source.Replace("TrajectoryPolicy.Revolve", "TrajectoryPolicy.Truncated", StringComparison.Ordinal)
            .Replace(", TrajectorySnapshots = 4", "", StringComparison.Ordinal);
        Assert.Equal(["CS9035"], Errors(source));

        Assert.Equal(["L2T3001"], Errors(source.Replace("new(hidden, 3)", "new(hidden + 1, 3)", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Errors(string source)
    {
        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(GeneratorHost.Compile(source), out var generated, out var diagnostics);
        return diagnostics.Concat(generated.GetDiagnostics()).Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Id);
    }
}
