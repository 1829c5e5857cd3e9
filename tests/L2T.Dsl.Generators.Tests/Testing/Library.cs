using System.Text.RegularExpressions;
using L2T.Dsl.Generators.Linking;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Testing;

/// <summary>A compiled assembly with blocks in it, as another project's reference to one sees it.</summary>
internal static class Library
{
    /// <summary>A public block that holds an internal one, and a loss form.</summary>
    public const string Source = """
        namespace Lib;

        [Block] internal sealed partial class Scale(double by = 2)
        {
            public Tensor Forward([Shape("N", "size")] Tensor x) => x * by;
        }

        [Block] public sealed partial class Layer(int size)
        {
            private readonly Scale _scale = new(0.5);
            [Parameter("size")] public partial Tensor Bias { get; }
            public Tensor Forward([Shape("N", "size")] Tensor x) => _scale.Forward(x) + Bias;
        }

        [LossForm] public sealed partial class Form(int classes)
        {
            public Tensor Loss([Shape("N", "classes")] Tensor output, [Labels("N")] Tensor target) => output.sum() / classes;
        }
        """;

    private const string Bodies = """
        namespace Lib;
        public sealed partial class Layer { public partial Tensor Bias => throw null!; }
        """;

    /// <summary>The library as a file, its programs written by the generator.</summary>
    public static MetadataReference File { get; } = Emit(Programs());

    /// <summary>The library as a project in the same solution.</summary>
    public static MetadataReference Project { get; } = GeneratorHost.Compile(Source, Bodies, Programs()).WithAssemblyName("Lib").ToMetadataReference();

    /// <summary>The library built without the generator.</summary>
    public static MetadataReference WithoutPrograms { get; } = Emit("");

    /// <summary>The library built with a generator of another version.</summary>
    public static MetadataReference OfAnotherVersion { get; } = Emit(Regex.Replace(Programs(), @"\(module \d+ ", "(module 999 "));

    /// <summary>What the generator writes of the library's modules.</summary>
    public static string Programs() => GeneratorHost.Run(GeneratorHost.Compile(Source), GeneratorHost.NoCompiler).GeneratedSources
        .Single(s => s.HintName == ModulePrograms.FileName).SourceText.ToString();

    private static PortableExecutableReference Emit(string programs)
    {
        using var image = new MemoryStream();
        var result = GeneratorHost.Compile(Source, Bodies, programs).WithAssemblyName("Lib").Emit(image);
        Assert.Empty(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
