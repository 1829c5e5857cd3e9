using System.Text.RegularExpressions;
using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T2002Tests
{
    [Theory]
    [InlineData("x.{|L2T2002:erfinv()|}", "erfinv")]
    [InlineData("special.{|L2T2002:i0(x)|}", "i0")]
    public void Operation_without_rule_is_told_and_compiled(string expression, string name)
    {
        var messages = RuleAssert.CompilerReports($$"""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => Weight * {{expression}};
            }
            """);

        Assert.Equal(
            $"'{name}' has no derivative rule and is differentiated through autograd; its result is taken to have the shape of its first tensor, which is checked at run time",
            Assert.Single(messages));
    }

    /// <summary>What goes wrong at run time is said of the place in the user's source, which no machine spells otherwise.</summary>
    [Theory]
    [InlineData("Source0.cs")]
    [InlineData("/home/someone/net/Source0.cs")]
    [InlineData(@"C:\net\Source0.cs")]
    public void Place_of_the_operation_is_written_beside_the_kernels(string path)
    {
        const string source = """
            [Block] public sealed partial class Norm
            {
                public Tensor Forward([Shape("N", "K")] Tensor x) => x /
                    x.abs()
                     .norm(1 /* by row */,  true);
            }

            [Student] public sealed partial class Net
            {
                private readonly Norm _norm = new();
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => special.i0(_norm.Forward(x * Weight));
            }

            [Teacher(typeof(L2T.Dsl.Losses.BilinearLoss))] public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }

            [Experiment(typeof(Net), typeof(Guide))] public sealed partial class Trial;
            """;
        var compilation = GeneratorHost.Compile("");
        compilation = compilation.AddSyntaxTrees(GeneratorHost.Parse(source, path));
        GeneratorHost.AssertSound(compilation);

        var generated = GeneratorHost.Run(compilation).GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());

        var places = generated["L2T.Dsl.FallbackPlaces.g.cs"];
        Assert.Matches("""FallbackPlace\("Norm:\d+", "x\.abs\(\) \.norm\(1 /\* by row \*/, true\)", "Source0\.cs", 5\)""", places);
        Assert.Matches("""FallbackPlace\("Net:\d+", "special\.i0\(_norm\.Forward\(x \* Weight\)\)", "Source0\.cs", 12\)""", places);
        // Each call of a kernel names one of them: that of the block its own place, wherever it is used.
        var calls = generated.Where(g => g.Key.StartsWith("Trial.", StringComparison.Ordinal)).SelectMany(g => Regex.Matches(g.Value, "AutogradCall\\.\\w+\\(.*").Select(m => m.Value)).ToArray();
        Assert.NotEmpty(calls);
        foreach (var (part, type) in ((string, string)[])[(".norm(", "Norm"), ("i0(", "Net")])
        {
            var key = Regex.Match(places, $"\"({type}:\\d+)\", \"[^\"]*{Regex.Escape(part)}").Groups[1].Value;
            var own = calls.Where(call => call.Contains(part, StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(own);
            Assert.All(own, call => Assert.Contains($"\"{key}\")", call, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_place_is_written_where_every_operation_has_a_rule() =>
        Assert.DoesNotContain("L2T.Dsl.FallbackPlaces.g.cs", GeneratorHost.Run(GeneratorHost.Compile("""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => Weight * x.tanh();
            }
            """)).GeneratedSources.Select(s => s.HintName));
}
