using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Reporting;

/// <summary>Diagnostics carry live locations: a rebuilt one is not suppressed by a pragma.</summary>
public sealed class PragmaTests
{
    private const string Body = "public Tensor Forward([Shape(\"N\", 4)] Tensor x) => x.erfinv();";

    /// <summary>A compiler that notes something about each module, at its entry method.</summary>
    private static readonly UnitCompiler Noting = GeneratorHost.NoCompiler with
    {
        Module = unit => new CompiledUnit([], [new Problem(Compiler.Problems.Rules.UnknownOp, new(unit.Module.Type.Full, unit.Module.Entry.Node), ["erfinv"])]),
    };

    [Fact]
    public void Problem_is_reported() =>
        Assert.Equal(["L2T2002"], Reported($"[Student] public sealed partial class Net {{ {Body} }}"));

    [Theory]
    [InlineData("#pragma warning disable L2T2002")]
    [InlineData("#pragma warning disable")]
    public void Pragma_suppresses_a_problem_that_the_compiler_found(string pragma) =>
        Assert.Empty(Reported($"[Student] public sealed partial class Net\n{{\n{pragma}\n{Body}\n#pragma warning restore\n}}"));

    [Fact]
    public void Pragma_elsewhere_suppresses_nothing() =>
        Assert.Equal(["L2T2002"], Reported($"#pragma warning disable L2T2002\n#pragma warning restore L2T2002\n[Student] public sealed partial class Net {{ {Body} }}"));

    [Fact]
    public void Options_of_the_compilation_set_the_severity()
    {
        var compilation = GeneratorHost.Compile($"[Student] public sealed partial class Net {{ {Body} }}");
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions([new("L2T2002", ReportDiagnostic.Error)]));

        GeneratorHost.Driver(Noting).RunGeneratorsAndUpdateCompilation(compilation, out _, out var diagnostics);

        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(diagnostics).Severity);
    }

    private static IEnumerable<string> Reported(string source)
    {
        GeneratorHost.Driver(Noting).RunGeneratorsAndUpdateCompilation(GeneratorHost.Compile(source), out _, out var diagnostics);
        return diagnostics.Where(d => !d.IsSuppressed).Select(d => d.Id);
    }
}
