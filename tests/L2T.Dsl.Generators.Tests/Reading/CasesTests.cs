using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Text;
using L2T.Dsl.Generators.Reading;
using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Reading;

/// <summary>Reads the C# files of the folder <c>Cases</c> and compares the printed specs with verified text.</summary>
public sealed class CasesTests
{
    public static TheoryData<string> Cases => [.. Directory.GetFiles(Folder(), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Specs_are_as_verified(string name)
    {
        var compilation = GeneratorHost.Compile(File.ReadAllText(Path.Combine(Folder(), name + ".cs")));
        GeneratorHost.AssertSound(compilation);

        var result = GeneratorHost.Run(compilation, GeneratorHost.NoCompiler);

        var text = new StringBuilder();
        foreach (var diagnostic in result.Diagnostics)
        {
            var line = diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1;
            text.AppendLine(CultureInfo.InvariantCulture, $"; line {line}: {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}");
        }

        foreach (var spec in GeneratorHost.Outputs<object>(result, StepNames.ReadSpecs))
        {
            text.AppendLine(spec switch
            {
                Declared<ModuleSpec> { Spec: { } module } => SpecPrinter.Print(module),
                Declared<TeacherSpec> { Spec: { } teacher } => Print(teacher),
                Declared<ExperimentSpec> { Spec: { } experiment } => $"{experiment}\n",
                _ => $"; no spec: {spec}",
            });
        }

        Snapshot.Verify(text.ToString(), Path.Combine("..", "Cases", name));
    }

    private static string Print(TeacherSpec teacher) =>
        $"{teacher with { Body = null }}\n{(teacher.Body is { } body ? SpecPrinter.Print(body) : "")}";

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "Cases"));
}
