using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Benchmarks.GeneratorCost;

/// <summary>
/// What the generator costs a build and a key press, on the sources of the digits experiment: a first run of a new driver
/// on a new compilation, and a run after an edit of the student's body. The compiler itself is warm in both, as in a
/// compiler server or an editor; the very first run in a process, which also compiles the generator, is shown apart.
/// </summary>
internal sealed class GeneratorCommand : Command<GeneratorCommand.Settings>
{
    private const string Student = "Student.cs";

    /// <summary>Options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--json")]
        [Description("Print one JSON object instead of a table.")]
        public bool Json { get; init; }

        [CommandOption("--runs <N>")]
        [Description("How many runs the medians are of. Default 20.")]
        [DefaultValue(20)]
        public int Runs { get; init; }

        public override ValidationResult Validate() =>
            Runs is >= 1 and <= 1000 ? ValidationResult.Success() : ValidationResult.Error("--runs must be between 1 and 1000.");
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        var compilation = Compile();
        var first = Milliseconds(() => Run(compilation));
        var cold = new List<double>();
        var edit = new List<double>();
        for (var i = 0; i < settings.Runs; i++)
        {
            var fresh = Compile();
            fresh.GetDiagnostics(cancellation);
            cold.Add(Milliseconds(() => Run(fresh)));

            var driver = Run(fresh);
            var edited = Edit(fresh, i);
            edited.GetDiagnostics(cancellation);
            edit.Add(Milliseconds(() => driver.RunGenerators(edited, cancellation)));
        }

        cold.Sort();
        edit.Sort();
        var (coldMs, editMs) = (cold[cold.Count / 2], edit[edit.Count / 2]);
        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { @case = "digits", firstMs = first, coldMs, editMs }));
            return 0;
        }

        var table = new Table().AddColumns("run", "ms");
        table.AddRow("first in the process", first.ToString("F0", CultureInfo.InvariantCulture));
        table.AddRow("cold: new driver, new compilation", coldMs.ToString("F1", CultureInfo.InvariantCulture));
        table.AddRow("after an edit of the student", editMs.ToString("F1", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
        return 0;
    }

    private static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static GeneratorDriver Run(Compilation compilation)
    {
        var driver = CSharpGeneratorDriver.Create(new L2TGenerator()).RunGenerators(compilation);
        var result = driver.GetRunResult();
        if (result.GeneratedTrees.Length == 0 || result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            throw new InvalidOperationException($"The generator made nothing of the digits experiment: {string.Join("; ", result.Diagnostics)}");
        }

        return driver;
    }

    private static CSharpCompilation Compile()
    {
        var assembly = typeof(GeneratorCommand).Assembly;
        var trees = assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".cs", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return CSharpSyntaxTree.ParseText(SourceText.From(stream), new CSharpParseOptions(LanguageVersion.Latest), name);
            });
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Digits", trees, references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>The compilation with a factor in the student's body: everything that depends on it is made anew.</summary>
    private static Compilation Edit(CSharpCompilation compilation, int run)
    {
        const string Call = "functional.relu(";
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath.EndsWith(Student, StringComparison.Ordinal));
        var text = tree.GetText().ToString();
        var changed = text.Replace(Call, string.Create(CultureInfo.InvariantCulture, $"{Call}{run + 2} * "), StringComparison.Ordinal);
        if (changed == text)
        {
            throw new InvalidOperationException($"{tree.FilePath} holds no call of relu to edit.");
        }

        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(changed)));
    }
}
