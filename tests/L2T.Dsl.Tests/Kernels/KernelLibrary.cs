using System.Reflection;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Kernels planned, written and compiled in the test as the build does it: for programs that no experiment holds, and in
/// both of the planner's modes, loops over host memory and one libtorch call for each op (what a GPU gets).
/// </summary>
internal sealed class KernelLibrary
{
    private const string Class = "Subject";

    // Generated code has nullable annotations, and nothing here is to be warned of.
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithFeatures([new("run-nullable-analysis", "never")]);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat([typeof(TorchSharp.torch).Assembly.Location, typeof(Dsl.Tensors.Kernel).Assembly.Location, typeof(KernelLibrary).Assembly.Location])
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly List<SyntaxTree> _sources = [];
    private Assembly? _assembly;

    /// <summary>Adds a kernel under a name; before the first <see cref="Create"/>.</summary>
    /// <param name="name">An identifier.</param>
    /// <param name="shape">What it looks like from outside.</param>
    /// <param name="program">What it does.</param>
    /// <param name="fuse">Whether pointwise ops become loops.</param>
    /// <param name="student">The type that knows the sizes in the program; null where all are constant.</param>
    public void Add(string name, KernelShape shape, KernelProgram program, bool fuse, Type? student = null)
    {
        var text = ExperimentWriter.Kernel(
            new TypeName("", name, "internal"), Class, name, shape, Planner.Plan(program, fuse), student is null ? "object" : "global::" + student.FullName);
        _sources.Add(CSharpSyntaxTree.ParseText(text, Parsing, name + ".g.cs"));
    }

    /// <summary>Makes a kernel.</summary>
    public T Create<T>(string name, params object?[] arguments)
    {
        _assembly ??= Compile();
        return (T)Activator.CreateInstance(_assembly.GetType($"L2T.Generated.{name}.{Class}", throwOnError: true)!, arguments)!;
    }

    private Assembly Compile()
    {
        var compilation = CSharpCompilation.Create(
            $"Kernels{Guid.NewGuid():N}",
            _sources,
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        // Libraries live as long as the process: their text would be in the way of every garbage collection.
        _sources.Clear();
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(20)));
        return Assembly.Load(stream.ToArray());
    }
}
