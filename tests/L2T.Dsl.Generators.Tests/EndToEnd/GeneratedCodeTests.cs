using System.Runtime.CompilerServices;
using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.EndToEnd;

/// <summary>What is generated for whole sources is C# without a warning.</summary>
public sealed class GeneratedCodeTests
{
    public static TheoryData<string> Cases => [.. Directory.GetFiles(Folder(), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Generated_code_compiles_without_warning(string name)
    {
        var compilation = GeneratorHost.Compile(File.ReadAllText(Path.Combine(Folder(), name + ".cs")));
        var driver = GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        Assert.DoesNotContain("L2T9001", diagnostics.Select(d => d.Id));
        var added = generated.SyntaxTrees.Skip(compilation.SyntaxTrees.Length).ToHashSet();
        Assert.NotEmpty(added);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && added.Contains(d.Location.SourceTree!))));
    }

    [Fact]
    public void Example_of_the_design_compiles_without_any_diagnostic()
    {
        var compilation = GeneratorHost.Compile(File.ReadAllText(Path.Combine(Folder(), "DesignExample.cs")));

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.Equal("L2T.Dsl.Training.LossTeacherExperiment", generated.GetTypeByMetadataName("Sample.DigitsExperiment")!.BaseType!.ToDisplayString());
    }

    [Fact]
    public void Modules_of_the_library_are_compiled_through()
    {
        var compilation = GeneratorHost.Compile("""
            using L2T.Dsl.Blocks;
            using L2T.Dsl.Losses;

            [Student] public sealed partial class Net
            {
                private readonly L2T.Dsl.Blocks.Linear _output = new(4, 3);
                public Tensor Forward([Shape("N", 4)] Tensor x) => _output.Forward(x);
            }

            [Teacher(typeof(BilinearLoss))] public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }

            // No metric: the default is the library's.
            [Experiment(typeof(Net), typeof(Guide), Baselines = [typeof(CrossEntropy), typeof(Focal)])]
            public sealed partial class Trial;
            """);

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>The fallback spells a call so that it binds to the overload that the user called.</summary>
    [Theory]
    [InlineData("x.erfinv()")]
    [InlineData("special.i0(x)")]
    [InlineData("x.roll([1L, -1L], [0L, 1L])")]
    [InlineData("functional.celu(x, alpha: 0.5)")]
    [InlineData("x.nan_to_num(nan: 1.5, posinf: null)")]
    [InlineData("copysign(x, -1.0)")]
    [InlineData("functional.hardshrink(x, 0.25)")]
    [InlineData("functional.normalize(x, eps: 1e-6)")]
    public void Fallback_to_autograd_compiles(string call)
    {
        var compilation = GeneratorHost.Compile($$"""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor input)
                {
                    var x = input * Weight;
                    return {{call}};
                }
            }

            [Teacher(typeof(L2T.Dsl.Losses.BilinearLoss))] public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }

            [Experiment(typeof(Net), typeof(Guide))] public sealed partial class Trial;
            """);

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Equal("L2T2002", string.Join(", ", diagnostics.Select(d => d.Id == "L2T2002" ? d.Id : d.ToString()).Distinct()));
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void Storage_is_generated_for_a_body_that_can_not_be_read()
    {
        var compilation = GeneratorHost.Compile("""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x.relu_() * Weight;
            }
            """);

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Equal(["L2T2001"], diagnostics.Select(d => d.Id));
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void Names_may_be_keywords_or_differ_in_case_only()
    {
        var compilation = GeneratorHost.Compile("""
            namespace Some.@namespace;

            [Block] public sealed partial class @class(int size = 4)
            {
                [Parameter("size")] public partial Tensor @new { get; }
                public Tensor Forward([Shape("N", "size")] Tensor @in) => @in + @new;
            }

            [Block] public sealed partial class Class
            {
                private readonly @class @this = new(size: 4);
                public Tensor Forward([Shape("N", 4)] Tensor x) => @this.Forward(@in: x);
            }
            """);

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void The_same_sources_give_the_same_text()
    {
        Assert.Equal(Generate(), Generate());

        static string Generate() => string.Concat(GeneratorHost.Run(GeneratorHost.Compile(File.ReadAllText(Path.Combine(Folder(), "DesignExample.cs")))).GeneratedSources.Select(s => s.SourceText));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "Cases"));
}
