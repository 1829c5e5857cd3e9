using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Generated;

/// <summary>Where calls are left to autograd, the count of operations says that it lacks theirs.</summary>
public sealed class FlopTests
{
    [Theory]
    [InlineData("tanh", false)]
    [InlineData("erfinv", true)]
    public void A_count_says_whether_it_is_whole(string call, bool isPartial)
    {
        var compilation = GeneratorHost.Compile($$"""
            using L2T.Dsl.Losses;

            namespace Sample;

            [Student]
            public sealed partial class Net(int depth)
            {
                private readonly Layer[] _layers = BlockArray.Of(depth, () => new Layer());

                public Tensor Forward([Shape("N", 4)] Tensor x)
                {
                    foreach (var layer in _layers)
                        x = layer.Forward(x);

                    return x;
                }
            }

            [Block]
            public sealed partial class Layer
            {
                [Parameter(4, 4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight).{{call}}();
            }

            [Teacher(typeof(BilinearLoss))]
            public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }

            [Experiment(typeof(Net), typeof(Guide))]
            public sealed partial class Trial;
            """);

        var files = GeneratorHost.Run(compilation).GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());

        Assert.Equal(isPartial, files["Sample.Trial.g.cs"].Contains("{ IsPartial = true }", StringComparison.Ordinal));
        // For each layer 2 * 4 * 4 N of the product, and 4 N of the function where it is known.
        Assert.Contains($"return {(isPartial ? 32 : 36)}*_N*_depth;", files["Sample.Trial.ForwardKernel.g.cs"]);
    }
}
