using System.Collections.Immutable;
using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Linking;
using L2T.Dsl.Generators.Reading;
using L2T.Dsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace L2T.Dsl.Generators;

/// <summary>
/// Turns annotated students, loss forms, teachers and experiments into typed training loops. The pipeline, and nothing
/// else: read, link, compile, emit; and, beside it, report and the places of calls without rule, which alone depend on
/// live locations.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class L2TGenerator : IIncrementalGenerator
{
    private static readonly ModuleKind[] ModuleKinds = [ModuleKind.Block, ModuleKind.Student, ModuleKind.LossForm, ModuleKind.Metric];

    /// <summary>The MSBuild property that says where tensors lie: <c>cpu</c>, the default, or <c>cuda</c>.</summary>
    private const string BackendProperty = "build_property.TorchBackend";

    private readonly UnitCompiler _compiler;

    /// <summary>The generator as C# loads it.</summary>
    public L2TGenerator()
        : this(UnitCompiler.Real)
    {
    }

    /// <summary>A generator with another compiler, for tests of everything before it.</summary>
    internal L2TGenerator(UnitCompiler compiler) => _compiler = compiler;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Read.
        var modules = ModuleKinds.Select(kind => Read(context, KnownNames.Attribute(kind), (reading, _) => ModuleReader.Read(reading, kind))).ToArray();
        var teachers = Read(context, KnownNames.Teacher, TeacherReader.Read);
        var experiments = Read(context, KnownNames.Experiment, ExperimentReader.Read);
        var references = context.MetadataReferencesProvider
            .Select(ReferenceReader.Read)
            .WithTrackingName(StepNames.ReadReferences)
            .Where(read => read.Count > 0)
            .Collect();

        var moduleSpecs = modules.Select(Specs).ToArray();
        var teacherSpecs = Specs(teachers);
        var experimentSpecs = Specs(experiments);

        // Link.
        var table = Concatenate(moduleSpecs)
            .Combine(references)
            .Select((read, _) => new ModuleTable(read.Left, read.Right.SelectMany(r => r)))
            .WithTrackingName(StepNames.LinkTable);
        var linkedModules = moduleSpecs
            .Select(specs => specs.Combine(table).Select((m, _) => Linker.Link(m.Left, m.Right)).WithTrackingName(StepNames.LinkModules))
            .ToArray();
        var linkedTeachers = teacherSpecs
            .Combine(table)
            .Select((t, _) => Linker.Link(t.Left, t.Right))
            .WithTrackingName(StepNames.LinkTeachers);
        var linkedExperiments = experimentSpecs
            .Combine(teacherSpecs.Collect().Select((t, _) => t.ToEquatableArray()))
            .Combine(table)
            .Select((e, _) => Linker.Link(e.Left.Left, e.Left.Right, e.Right))
            .WithTrackingName(StepNames.LinkExperiments);

        // Compile.
        var compiledModules = linkedModules.Select(linked => Compile(linked, _compiler.Module, StepNames.CompileModules)).ToArray();
        var compiledTeachers = Compile(linkedTeachers, _compiler.Teacher, StepNames.CompileTeachers);
        var hostMemory = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => !options.GlobalOptions.TryGetValue(BackendProperty, out var backend) || backend != "cuda");
        // What is wrong with a module or a teacher is said there; an experiment with it would only say it again.
        var faulty = Concatenate([.. compiledModules, compiledTeachers])
            .Select((units, _) => units.Where(u => u.Unit.HasErrors).Select(u => u.Root).ToEquatableArray());
        var compiledExperiments = linkedExperiments
            .Combine(faulty)
            .Select((e, _) => e.Left.Unit is { } unit && !unit.Modules.Select(m => m.Type.Full).Append(unit.Teacher.Type.Full).Any(e.Right.Contains) ? unit : null)
            .Where(unit => unit is not null)
            .Combine(hostMemory)
            .Select((e, cancellation) => Guarded(e.Left!.Experiment.Type.Full, () => _compiler.Experiment(e.Left, e.Right), cancellation))
            .WithTrackingName(StepNames.CompileExperiments);

        // What could not be compiled is there all the same for the code that uses it, or C# would have more to say than what is wrong.
        var compiledTypes = compiledExperiments
            .Collect()
            .Select((units, _) => units.Where(u => u.Unit.Files.Count > 0).Select(u => u.Root).ToEquatableArray());
        var outlinedExperiments = experimentSpecs
            .Combine(compiledTypes)
            .Select((e, _) => e.Left.Spec is { } spec && !e.Right.Contains(e.Left.Type) ? spec : null)
            .Where(spec => spec is not null)
            .Select((spec, cancellation) => Guarded(spec!.Type.Full, () => L2TCompiler.Outline(spec), cancellation))
            .WithTrackingName(StepNames.OutlineExperiments);

        // Emit.
        var clashes = Concatenate([.. moduleSpecs.Select(Names), Names(teacherSpecs), Names(experimentSpecs)])
            .Select((types, _) => FileNames.Clashes(types));
        foreach (var compiled in compiledModules)
        {
            Emit(context, compiled, clashes, StepNames.EmitModules);
        }

        Emit(context, compiledTeachers, clashes, StepNames.EmitTeachers);
        Emit(context, compiledExperiments, clashes, StepNames.EmitExperiments);
        Emit(context, outlinedExperiments, clashes, StepNames.EmitOutlines);
        Emit(context, Concatenate(moduleSpecs).Select((specs, _) => ModulePrograms.Write(specs)), ModulePrograms.FileName, StepNames.EmitPrograms);

        // Report.
        var readings = Concatenate([.. modules.Select(Reports), Reports(teachers), Reports(experiments)]);
        var problems = Concatenate(
        [
            .. linkedModules.Select(Problems), Problems(linkedTeachers), Problems(linkedExperiments),
            .. compiledModules.Select(Problems), Problems(compiledTeachers), Problems(compiledExperiments),
            Problems(outlinedExperiments),
        ]);
        context.RegisterSourceOutput(
            readings.Combine(problems).WithTrackingName(StepNames.Report),
            (output, found) => ProblemReporter.Report(output, found.Left, found.Right));

        // The one file that lines are in: it is small, and kernels, which refer to it by ordinals, are not written again where text moves. No source
        // can refer to it, so that an editor need not have it.
        context.RegisterImplementationSourceOutput(
            readings.Combine(problems).Select((found, _) => FallbackPlaces.Write(found.Left, found.Right)).WithTrackingName(StepNames.EmitPlaces),
            (output, text) => Add(output, FallbackPlaces.FileName, text));
    }

    private static IncrementalValuesProvider<Reading<TSpec>> Read<TSpec>(
        IncrementalGeneratorInitializationContext context, string attribute, Func<ReadingContext, AttributeData, TSpec?> read)
        where TSpec : class =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.AttributeType(attribute),
                (node, _) => node is TypeDeclarationSyntax,
                (source, cancellation) => ReadingContext.Read(source, attribute, read, cancellation))
            .Where(reading => reading is not null)
            .Select((reading, _) => reading!)
            .WithTrackingName(StepNames.Read);

    private static IncrementalValuesProvider<Declared<TSpec>> Specs<TSpec>(IncrementalValuesProvider<Reading<TSpec>> readings)
        where TSpec : class =>
        readings.Select((reading, _) => reading.Declared).WithTrackingName(StepNames.ReadSpecs);

    private static IncrementalValuesProvider<string> Names<TSpec>(IncrementalValuesProvider<Declared<TSpec>> specs)
        where TSpec : class =>
        specs.Select((declared, _) => declared.Type);

    private static IncrementalValuesProvider<ReadingReport> Reports<TSpec>(IncrementalValuesProvider<Reading<TSpec>> readings)
        where TSpec : class =>
        readings.Select((reading, _) => reading.Report);

    private static IncrementalValuesProvider<(string Root, CompiledUnit Unit)> Compile<TUnit>(
        IncrementalValuesProvider<Linked<TUnit>> linked, Func<TUnit, CompiledUnit> compile, string step)
        where TUnit : class =>
        linked
            .Where(l => l.Unit is not null)
            .Select((l, cancellation) => Guarded(l.Type, () => compile(l.Unit!), cancellation))
            .WithTrackingName(step);

    private static (string Root, CompiledUnit Unit) Guarded(string root, Func<CompiledUnit> compile, CancellationToken cancellation) =>
        (root, InternalError.Guard(root, compile, cancellation));

    private static void Emit(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<(string Root, CompiledUnit Unit)> compiled,
        IncrementalValueProvider<EquatableArray<string>> clashes,
        string step) =>
        context.RegisterSourceOutput(
            compiled
                .Combine(clashes)
                .Select((c, _) => c.Left.Unit.Files.Select(f => f with { Name = FileNames.Of(f.Name, c.Left.Root, c.Right) }).ToEquatableArray())
                .WithTrackingName(step),
            (output, files) =>
            {
                foreach (var file in files)
                {
                    output.AddSource(file.Name, file.Text);
                }
            });

    private static void Emit(IncrementalGeneratorInitializationContext context, IncrementalValueProvider<string?> text, string file, string step) =>
        context.RegisterSourceOutput(
            text.WithTrackingName(step),
            (output, text) => Add(output, file, text));

    private static void Add(SourceProductionContext output, string file, string? text)
    {
        if (text is not null)
        {
            output.AddSource(file, text);
        }
    }

    private static IncrementalValuesProvider<UnitProblems> Problems<TUnit>(IncrementalValuesProvider<Linked<TUnit>> linked)
        where TUnit : class =>
        linked.Select((l, _) => new UnitProblems(l.Type, l.Problems));

    private static IncrementalValuesProvider<UnitProblems> Problems(IncrementalValuesProvider<(string Root, CompiledUnit Unit)> compiled) =>
        compiled.Select((c, _) => new UnitProblems(c.Root, c.Unit.Problems));

    private static IncrementalValueProvider<ImmutableArray<T>> Concatenate<T>(IEnumerable<IncrementalValuesProvider<T>> providers) =>
        providers
            .Select(p => p.Collect())
            .Aggregate((left, right) => left.Combine(right).Select((both, _) => both.Left.AddRange(both.Right)));
}
