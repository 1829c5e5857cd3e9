using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Generated.Loops;

/// <summary>The code generated of a loop over blocks, and of one over time.</summary>
public sealed class LoopCodeTests
{
    [Fact]
    public void The_gradient_kernel_of_a_stack_of_blocks_is_the_verified_one()
    {
        var result = GeneratorHost.Run(GeneratorHost.Compile(Source("depth")));

        Assert.Empty(result.Diagnostics);
        foreach (var file in (string[])["Sample.Stack", "Sample.Trial.FixedCrossEntropyKernel"])
        {
            Snapshot.Verify(result.GeneratedSources.Single(s => s.HintName == file + ".g.cs").SourceText.ToString(), file, "cs");
        }
    }

    [Fact]
    public void Code_does_not_grow_with_the_number_of_blocks() => Assert.Equal(Lines(Source("2")), Lines(Source("500")));

    [Fact]
    public void Code_does_not_grow_with_the_number_of_blocks_of_different_sizes() => Assert.Equal(
        Lines(Source("20", "i => new Linear(8 + 4 * i, 4)", "cat([x, functional.relu(layer.Forward(x))], 1)")),
        Lines(Source("500", "i => new Linear(8 + 4 * i, 4)", "cat([x, functional.relu(layer.Forward(x))], 1)")));

    private static int Lines(string source) => GeneratorHost.Run(GeneratorHost.Compile(source)).GeneratedSources.Sum(s => s.SourceText.Lines.Count);

    private static string Source(string depth, string layer = "() => new Linear(8, 8)", string step = "x + functional.relu(layer.Forward(x))") => $$"""
        using L2T.Dsl.Blocks;
        using L2T.Dsl.Losses;

        namespace Sample;

        [Student]
        public sealed partial class Stack(int depth)
        {
            private readonly Linear[] _layers = BlockArray.Of({{depth}}, {{layer}});

            public Tensor Forward([Shape("N", 8)] Tensor x)
            {
                foreach (var layer in _layers)
                {
                    x = {{step}};
                }

                return x * depth;
            }
        }

        [Teacher(typeof(BilinearLoss))]
        public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }

        [Experiment(typeof(Stack), typeof(Guide), Baselines = [typeof(CrossEntropy)])]
        public sealed partial class Trial;
        """;
}
