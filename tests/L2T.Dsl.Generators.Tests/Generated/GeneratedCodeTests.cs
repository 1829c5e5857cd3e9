using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Generated;

/// <summary>
/// The generated code itself, file by file, for a reviewer to read: the paper's loss and teacher on a small perceptron,
/// for tensors in host memory. That it computes the right numbers is tested elsewhere, against autograd.
/// </summary>
public sealed class GeneratedCodeTests
{
    private const string Source = """
        using L2T.Dsl.Blocks;
        using L2T.Dsl.Losses;
        using L2T.Dsl.Metrics;

        namespace Digits;

        [Student]
        public sealed partial class Perceptron(int hidden)
        {
            private readonly Linear _hidden = new(64, hidden);
            private readonly Linear _output = new(hidden, 10);

            public Tensor Forward([Shape("N", 64)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
        }

        [Teacher(typeof(BilinearLoss), Slots = 4)]
        public sealed partial class AttentionTeacher
        {
            [StateFeature]
            private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;

            [StateFeature(Size = 10)]
            private static ReadOnlySpan<float> DevPrecision(in StudentState s) => s.DevPrecisionPerClass;
        }

        [Experiment(typeof(Perceptron), typeof(AttentionTeacher), Metric = typeof(SmoothAccuracy), Baselines = [typeof(CrossEntropy)])]
        public sealed partial class Experiment;
        """;

    [Fact]
    public void Generated_files_are_the_verified_ones()
    {
        var result = GeneratorHost.Run(GeneratorHost.Compile(Source));

        Assert.Empty(result.Diagnostics);
        var files = result.GeneratedSources.OrderBy(f => f.HintName, StringComparer.Ordinal).ToArray();
        foreach (var file in files)
        {
            Snapshot.Verify(file.SourceText.ToString(), file.HintName.Replace(".g.cs", "", StringComparison.Ordinal), "cs");
        }

        // A file that is no longer generated must not stay behind as if it were.
        var verified = Directory.GetFiles(Folder(), "*.verified.cs").Select(path => Path.GetFileName(path).Replace(".verified.cs", ".g.cs", StringComparison.Ordinal));
        Assert.Equal(files.Select(f => f.HintName), verified.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Generated_code_compiles_without_warnings()
    {
        var compilation = GeneratorHost.Compile(Source);
        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var complete, out _);

        var written = compilation.SyntaxTrees.ToHashSet();
        Assert.Empty(complete.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree is { } tree && !written.Contains(tree)));
        Assert.Empty(complete.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void The_same_sources_give_the_same_text()
    {
        var first = GeneratorHost.Run(GeneratorHost.Compile(Source)).GeneratedSources.Select(f => (f.HintName, f.SourceText.ToString()));
        var second = GeneratorHost.Run(GeneratorHost.Compile(Source)).GeneratedSources.Select(f => (f.HintName, f.SourceText.ToString()));

        Assert.Equal(first, second);
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
