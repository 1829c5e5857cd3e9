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
/// What the generator costs a build and a key press, on the sources of the digits experiment and on those of DenseNet and its experiment: a first run of
/// a new driver on a new compilation, and a run after an edit of the student's body. Both are shown as the process begins, where much
/// of the generator and of C#'s compiler has not been compiled with optimisations yet, and warm, as in an editor or a
/// compiler server that has been up for some edits; the very first run is shown apart, and is one of a process only where its case is the first.
/// </summary>
internal sealed class GeneratorCommand : Command<GeneratorCommand.Settings>
{
    // The name of each, and the file that is edited.
    private static readonly Dictionary<string, string> Cases = new() { ["digits"] = "Student.cs", ["densenet"] = "DenseLayer.cs" };

    /// <summary>Options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--json")]
        [Description("Print one JSON object instead of a table.")]
        public bool Json { get; init; }

        [CommandOption("--case <NAME>")]
        [Description("digits or densenet. Default digits.")]
        [DefaultValue("digits")]
        public string Case { get; init; } = "digits";

        [CommandOption("--runs <N>")]
        [Description("How many runs the medians are of. Default 20.")]
        [DefaultValue(20)]
        public int Runs { get; init; }

        [CommandOption("--warm-up <N>")]
        [Description("How many runs come before the warm ones. Default 100.")]
        [DefaultValue(100)]
        public int WarmUp { get; init; }

        public override ValidationResult Validate() =>
            !Cases.ContainsKey(Case) ? ValidationResult.Error($"--case must be one of {string.Join(", ", Cases.Keys)}.")
            : Runs is < 1 or > 1000 ? ValidationResult.Error("--runs must be between 1 and 1000.")
            : WarmUp < Runs || WarmUp > 10_000 ? ValidationResult.Error("--warm-up must be at least --runs, and at most 10000.")
            : ValidationResult.Success();
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        var compilation = Compile(settings.Case);
        var first = Milliseconds(() => Run(compilation));
        var cold = new List<double>();
        var edit = new List<double>();
        for (var i = 0; i < settings.WarmUp + settings.Runs; i++)
        {
            var fresh = Compile(settings.Case);
            fresh.GetDiagnostics(cancellation);
            cold.Add(Milliseconds(() => Run(fresh)));

            var driver = Run(fresh);
            var edited = Edit(fresh, Cases[settings.Case], i);
            edited.GetDiagnostics(cancellation);
            edit.Add(Milliseconds(() => driver.RunGenerators(edited, cancellation)));
        }

        var (earlyCold, earlyEdit) = (Median(cold.Take(settings.Runs)), Median(edit.Take(settings.Runs)));
        var (warmCold, warmEdit) = (Median(cold.Skip(settings.WarmUp)), Median(edit.Skip(settings.WarmUp)));
        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                @case = settings.Case,
                firstMs = first,
                coldMs = warmCold,
                editMs = warmEdit,
                earlyColdMs = earlyCold,
                earlyEditMs = earlyEdit,
            }));
            return 0;
        }

        var table = new Table().AddColumns("run", $"ms, runs 1 to {settings.Runs}", "ms, warm");
        table.AddRow("first in the process", Text(first), "");
        table.AddRow("cold: new driver, new compilation", Text(earlyCold), Text(warmCold));
        table.AddRow("after an edit of the student", Text(earlyEdit), Text(warmEdit));
        AnsiConsole.Write(table);
        return 0;
    }

    private static string Text(double ms) => ms.ToString("F1", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        return sorted[sorted.Length / 2];
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
            throw new InvalidOperationException($"The generator made nothing of the experiment: {string.Join("; ", result.Diagnostics)}");
        }

        return driver;
    }

    private static CSharpCompilation Compile(string name)
    {
        var assembly = typeof(GeneratorCommand).Assembly;
        var trees = assembly.GetManifestResourceNames()
            .Where(file => file.StartsWith(name + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);

                // Not the library's own student of that name, whose sources are not read again.
                var text = reader.ReadToEnd().Replace("L2T.Dsl.Students", "L2T.Dsl.Benchmarked", StringComparison.Ordinal);
                return CSharpSyntaxTree.ParseText(SourceText.From(text), new CSharpParseOptions(LanguageVersion.Latest), file);
            });
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("Experiment", trees, references, new CSharpCompilationOptions(name == "digits" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>The compilation with a factor in the student's body: everything that depends on it is made anew.</summary>
    private static Compilation Edit(CSharpCompilation compilation, string file, int run)
    {
        const string Call = "functional.relu(";
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath.EndsWith(file, StringComparison.Ordinal));
        var text = tree.GetText().ToString();
        var changed = text.Replace(Call, string.Create(CultureInfo.InvariantCulture, $"{Call}{run + 2} * "), StringComparison.Ordinal);
        if (changed == text)
        {
            throw new InvalidOperationException($"{tree.FilePath} holds no call of relu to edit.");
        }

        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(changed)));
    }
}
