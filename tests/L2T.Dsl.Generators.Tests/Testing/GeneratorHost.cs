using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace L2T.Dsl.Generators.Tests.Testing;

/// <summary>Runs the generator in process over C# given as text.</summary>
internal static class GeneratorHost
{
    /// <summary>What an experiment's sources begin with.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using L2T.Dsl;
        global using L2T.Dsl.Training;
        global using TorchSharp;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        """;

    /// <summary>The partial property has no body yet, and the experiment does not derive from its base: the generator adds both.</summary>
    private static readonly HashSet<string> CuredByGenerating = ["CS9248", "CS0115"];

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    /// <summary>The framework, TorchSharp (its managed half; nothing loads libtorch) and the library.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch.Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(BlockAttribute).Assembly.Location),
    ];

    /// <summary>A compiler that finds nothing wrong and writes nothing, for tests of what comes before it.</summary>
    public static UnitCompiler NoCompiler { get; } = new(_ => new([], []), _ => new([], []), (_, _) => new([], []));

    /// <summary>A compilation of these sources; <see cref="Usings"/> are added.</summary>
    public static CSharpCompilation Compile(params IEnumerable<string> sources) => CSharpCompilation.Create(
        "Sample",
        [Parse(Usings, "Usings.cs"), .. sources.Select((s, i) => Parse(s, $"Source{i}.cs"))],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
            // TorchSharp is built for an older framework (CS1701), which the SDK silences too; samples need no documentation.
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS1591", ReportDiagnostic.Suppress)]));

    /// <summary>A syntax tree as the compilations here have them.</summary>
    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    /// <summary>A driver that keeps track of steps.</summary>
    public static GeneratorDriver Driver(UnitCompiler? compiler = null) => CSharpGeneratorDriver.Create(
        [new L2TGenerator(compiler ?? UnitCompiler.Real).AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator once; fails if it threw.</summary>
    public static GeneratorRunResult Run(Compilation compilation, UnitCompiler? compiler = null)
    {
        var result = Driver(compiler).RunGenerators(compilation).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result;
    }

    /// <summary>Fails where C# finds a fault in sources that a test takes for sound, besides what generating cures.</summary>
    public static void AssertSound(Compilation compilation) => Assert.Empty(Faults(compilation));

    /// <summary>The errors of C# in hand-written sources, besides what generating cures.</summary>
    public static IEnumerable<Diagnostic> Faults(Compilation compilation) => compilation.GetDiagnostics()
        .Where(d => d.Severity == DiagnosticSeverity.Error && !CuredByGenerating.Contains(d.Id));

    /// <summary>The outputs of a step in the last run.</summary>
    public static IEnumerable<T> Outputs<T>(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out var steps) ? steps.SelectMany(s => s.Outputs).Select(o => o.Value).OfType<T>() : [];
}
