using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Testing;

/// <summary>Assertions of the rules' tests.</summary>
internal static class RuleAssert
{
    /// <summary>Asserts that reading and linking report just what is marked, and gives the messages in order of place.</summary>
    /// <param name="markup">C# with expected diagnostics marked as <c>{|L2T1001:text|}</c>.</param>
    public static IReadOnlyList<string> Reports(string markup) => Reports(markup, GeneratorHost.NoCompiler, []);

    /// <summary>As <see cref="Reports(string)"/>, in source that has one error of C# besides.</summary>
    public static IReadOnlyList<string> ReportsBeside(string fault, string markup) =>
        Reports(markup, GeneratorHost.NoCompiler, [], fault);

    /// <summary>As <see cref="Reports(string)"/>, with one reference more.</summary>
    public static IReadOnlyList<string> ReportsWith(MetadataReference reference, string markup) =>
        Reports(markup, GeneratorHost.NoCompiler, [reference]);

    /// <summary>Asserts that the whole generator, its compiler included, reports just what is marked.</summary>
    public static IReadOnlyList<string> CompilerReports(string markup) => Reports(markup, UnitCompiler.Real, []);

    private static IReadOnlyList<string> Reports(string markup, UnitCompiler compiler, MetadataReference[] references, params string[] faults)
    {
        var marked = Markup.Parse(markup);
        var compilation = GeneratorHost.Compile(marked.Source).AddReferences(references);
        Assert.Equal(faults, GeneratorHost.Faults(compilation).Select(d => d.Id));
        var diagnostics = GeneratorHost.Run(compilation, compiler).Diagnostics.OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id).ToArray();

        Assert.Equal(
            marked.Expected.OrderBy(e => e.Span.Start).ThenBy(e => e.Id).Select(e => $"{e.Id}: {marked.Source.Substring(e.Span.Start, e.Span.Length)}"),
            diagnostics.Select(d => $"{d.Id}: {marked.Source.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length)}"));
        Assert.All(diagnostics, d => Assert.True(d.Location.IsInSource));
        return [.. diagnostics.Select(d => d.GetMessage(System.Globalization.CultureInfo.InvariantCulture))];
    }
}
