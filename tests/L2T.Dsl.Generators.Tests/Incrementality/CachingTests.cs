using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Linking;
using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace L2T.Dsl.Generators.Tests.Incrementality;

/// <summary>
/// What an edit re-runs, asserted by the name of the step and in both directions, so that each assertion is known to be
/// able to fail.
/// </summary>
public sealed class CachingTests
{
    private const int Parts = 1, First = 2, Second = 3, Unrelated = 4;

    private static readonly string[] CachedSteps =
    [
        StepNames.ReadSpecs, StepNames.ReadReferences, StepNames.LinkTable,
        StepNames.LinkModules, StepNames.LinkTeachers, StepNames.LinkExperiments,
        StepNames.CompileModules, StepNames.CompileTeachers, StepNames.CompileExperiments,
        StepNames.EmitModules, StepNames.EmitTeachers, StepNames.EmitExperiments, StepNames.EmitPrograms,
    ];

    /// <summary>Writes a file for each unit, so that there is something to emit.</summary>
    private static readonly UnitCompiler Echo = new(
        unit => File(unit.Module.Type, unit), unit => File(unit.Teacher.Type, unit), (unit, hostMemory) => File(unit.Experiment.Type, (unit, hostMemory)));

    public static TheoryData<string, int, string, string> HarmlessEdits => new()
    {
        { "in an unrelated file", Unrelated, "class Unrelated;", "class Unrelated { int _field; void Method() { } }" },
        { "of a comment above", First, "[Student]", "// A comment.\n\n[Student]" },
        { "of a comment in a body", First, "var h =", "/* first */ var h = // layer\n" },
        { "of white space in a body", First, "return _output.Forward(h.relu());", "return\n    _output . Forward( h.relu() ) ;" },
        { "of a comment in a shared part", Parts, "public Tensor Loss(", "/// <summary>The loss.</summary>\n    public Tensor Loss(" },
        { "of an unrelated member", First, "public Tensor Forward(", "public override string ToString() => \"net\";\n    public Tensor Forward(" },
        { "of parentheses that change nothing", First, "h.relu()", "(h).relu()" },
    };

    [Theory]
    [MemberData(nameof(HarmlessEdits))]
    public void Edit_that_changes_no_spec_runs_nothing_again(string edit, int file, string before, string after)
    {
        _ = edit;
        var result = RunTwice(file, before, after);

        foreach (var step in CachedSteps)
        {
            Assert.True(result.TrackedSteps.ContainsKey(step), $"{step} did not run");
            Assert.All(Reasons(result, step), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}"));
        }

        foreach (var step in CachedSteps.Except([StepNames.ReadSpecs]))
        {
            Assert.All(Reasons(result, step), reason => Assert.True(reason == IncrementalStepRunReason.Cached, $"{step}: {reason}"));
        }
    }

    [Fact]
    public void Edit_of_a_student_runs_its_own_experiment_again_and_no_other()
    {
        var result = RunTwice(First, "h.relu()", "h.tanh()");

        Assert.Equal(IncrementalStepRunReason.Modified, ReasonOf<Linked<ModuleUnit>>(result, StepNames.LinkModules, l => l.Type == "FirstNet"));
        Assert.Equal(IncrementalStepRunReason.Unchanged, ReasonOf<Linked<ModuleUnit>>(result, StepNames.LinkModules, l => l.Type == "SecondNet"));
        Assert.Equal(IncrementalStepRunReason.Modified, ReasonOf<Linked<ExperimentUnit>>(result, StepNames.LinkExperiments, l => l.Type == "FirstTrial"));
        Assert.Equal(IncrementalStepRunReason.Unchanged, ReasonOf<Linked<ExperimentUnit>>(result, StepNames.LinkExperiments, l => l.Type == "SecondTrial"));

        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileModules, "FirstNet"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileModules, "SecondNet"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileModules, "Layer"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileTeachers, "Guide"));
        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileExperiments, "FirstTrial"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileExperiments, "SecondTrial"));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result, StepNames.EmitExperiments));
    }

    [Fact]
    public void Edit_of_a_shared_block_runs_both_experiments_again()
    {
        var result = RunTwice(Parts, "functional.linear(x, Weight)", "functional.linear(x, -Weight)");

        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileModules, "Layer"));
        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileExperiments, "FirstTrial"));
        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileExperiments, "SecondTrial"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileTeachers, "Guide"));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result, StepNames.EmitPrograms));
    }

    [Fact]
    public void Edit_of_an_attribute_runs_its_experiment_again()
    {
        var result = RunTwice(Second, "Baselines = [typeof(Form)]", "Baselines = []");

        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileExperiments, "FirstTrial"));
        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileExperiments, "SecondTrial"));
        Assert.All(Reasons(result, StepNames.CompileModules), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void New_type_compiles_and_leaves_the_others()
    {
        var result = RunTwice(Unrelated, "class Unrelated;", Sample.Trial("Third"));

        Assert.Equal(IncrementalStepRunReason.New, CompileReason(result, StepNames.CompileExperiments, "ThirdTrial"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileExperiments, "FirstTrial"));
    }

    [Fact]
    public void Body_that_breaks_keeps_the_storage_and_an_outline_of_the_experiment()
    {
        var result = RunTwice(First, "h.relu()", "h.rel()");

        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(result, StepNames.CompileModules, "FirstNet"));
        Assert.Empty(GeneratorHost.Outputs<Linked<ModuleUnit>>(result, StepNames.LinkModules).Single(l => l.Type == "FirstNet").Unit!.Module.Methods);
        Assert.Null(GeneratorHost.Outputs<Linked<ExperimentUnit>>(result, StepNames.LinkExperiments).Single(l => l.Type == "FirstTrial").Unit);
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileExperiments, "SecondTrial"));
        Assert.Equal(IncrementalStepRunReason.New, CompileReason(result, StepNames.OutlineExperiments, "FirstTrial"));
        Assert.Contains("Student", Text(result, "FirstTrial"), StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnostic_moves_with_the_text_though_nothing_is_compiled_again()
    {
        var compiler = Echo with { Module = unit => throw new NotSupportedException(unit.Module.Type.Name) };
        var result = RunTwice(First, "[Student]", "// A comment.\n\n[Student]", compiler);

        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(result, StepNames.CompileModules, "FirstNet"));
        var diagnostic = result.Diagnostics.Single(d => d.GetMessage(null).Contains("'FirstNet'", StringComparison.Ordinal));
        Assert.Equal("FirstNet", diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, 8));
        Assert.Equal(2, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void Place_of_a_call_without_rule_moves_with_the_text_though_nothing_is_compiled_again()
    {
        var compiler = Echo with
        {
            Module = unit => File(unit.Module.Type, unit) with
            {
                Problems = unit.Module.Type.Name == "FirstNet" ? [new(Compiler.Problems.Rules.UnknownOp, new("FirstNet", unit.Module.Entry.Node), ["relu"])] : [],
            },
        };

        var moved = RunTwice(First, "[Student]", "// A comment.\n\n[Student]", compiler);
        Assert.Equal(IncrementalStepRunReason.Modified, Assert.Single(Reasons(moved, StepNames.EmitPlaces)));
        Assert.All(Reasons(moved, StepNames.CompileModules).Concat(Reasons(moved, StepNames.EmitModules)), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.Contains("\"Source1.cs\", 8)", moved.GeneratedSources.Single(s => s.HintName == "L2T.Dsl.FallbackPlaces.g.cs").SourceText.ToString(), StringComparison.Ordinal);

        var elsewhere = RunTwice(Unrelated, "class Unrelated;", "class Unrelated { int _field; }", compiler);
        Assert.Equal(IncrementalStepRunReason.Unchanged, Assert.Single(Reasons(elsewhere, StepNames.EmitPlaces)));
    }

    [Fact]
    public void Backend_is_part_of_what_experiments_are_compiled_from()
    {
        var compilation = Compilation();
        var driver = GeneratorHost.Driver(Echo).RunGenerators(compilation);
        var before = driver.GetRunResult().Results.Single();
        var after = driver.WithUpdatedAnalyzerConfigOptions(new BackendOptions("cuda")).RunGenerators(compilation).GetRunResult().Results.Single();

        Assert.Equal(IncrementalStepRunReason.Modified, CompileReason(after, StepNames.CompileExperiments, "FirstTrial"));
        Assert.Equal(IncrementalStepRunReason.Cached, CompileReason(after, StepNames.CompileModules, "FirstNet"));
        Assert.Contains("True", Text(before, "FirstTrial"), StringComparison.Ordinal);
        Assert.Contains("False", Text(after, "FirstTrial"), StringComparison.Ordinal);
    }

    private static string Text(GeneratorRunResult result, string type) =>
        result.GeneratedSources.Single(s => s.HintName == type + ".g.cs").SourceText.ToString();

    private static CompiledUnit File(TypeName type, object content) =>
        new([new GeneratedFile(type.Full + ".g.cs", "// " + content.ToString()!.ReplaceLineEndings(" "))], []);

    private static CSharpCompilation Compilation() =>
        GeneratorHost.Compile(Sample.Parts, Sample.Trial("First"), Sample.Trial("Second"), "class Unrelated;").AddReferences(Library.File);

    /// <summary>Runs, edits one file, and runs again.</summary>
    private static GeneratorRunResult RunTwice(int file, string before, string after, UnitCompiler? compiler = null)
    {
        var compilation = Compilation();
        GeneratorHost.AssertSound(compilation);
        var driver = GeneratorHost.Driver(compiler ?? Echo).RunGenerators(compilation);

        var tree = compilation.SyntaxTrees[file];
        var text = tree.ToString();
        Assert.Contains(before, text, StringComparison.Ordinal);
        var edited = compilation.ReplaceSyntaxTree(tree, GeneratorHost.Parse(text.Replace(before, after, StringComparison.Ordinal), tree.FilePath));
        var result = driver.RunGenerators(edited).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result;
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason);

    private static IncrementalStepRunReason ReasonOf<T>(GeneratorRunResult result, string step, Func<T, bool> which) =>
        result.TrackedSteps[step].SelectMany(s => s.Outputs).Single(o => o.Value is T value && which(value)).Reason;

    private static IncrementalStepRunReason CompileReason(GeneratorRunResult result, string step, string type) =>
        ReasonOf<(string Root, CompiledUnit Unit)>(result, step, c => c.Root == type);
}
