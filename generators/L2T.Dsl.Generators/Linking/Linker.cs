using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Reading;

namespace L2T.Dsl.Generators.Linking;

/// <summary>
/// Puts a declaration together with what it refers to, and with nothing else, so that an edit changes only the units that
/// it concerns. What could not be read is reported already: its users are left out in silence.
/// </summary>
internal sealed class Linker
{
    private readonly string _root;
    private readonly ModuleTable _table;
    private readonly ProblemSink _problems = new();
    private readonly SortedDictionary<string, ModuleSpec> _modules = new(StringComparer.Ordinal);
    private readonly List<string> _path = [];
    private bool _isComplete = true;

    private Linker(string root, ModuleTable table)
    {
        _root = root;
        _table = table;
    }

    /// <summary>Links a block, student, loss form or metric.</summary>
    public static Linked<ModuleUnit> Link(Declared<ModuleSpec> module, ModuleTable table)
    {
        var linker = new Linker(module.Type, table);
        if (module.Spec is { } spec)
        {
            linker.AddBlocks(spec);
        }

        // Where a block is missing, the module's storage can be written all the same.
        var isComplete = linker._isComplete && module.Spec is { Methods.Count: > 0 };
        var unit = module.Spec is null ? null : isComplete ? new ModuleUnit(module.Spec, linker.Modules()) : new ModuleUnit(module.Spec with { Methods = [] }, []);
        return new(module.Type, unit, linker._problems.Problems);
    }

    /// <summary>Links a teacher.</summary>
    public static Linked<TeacherUnit> Link(Declared<TeacherSpec> teacher, ModuleTable table)
    {
        var linker = new Linker(teacher.Type, table);
        linker.Add(teacher.Spec);
        return linker.Result(teacher.Spec, s => new TeacherUnit(s, linker.Modules()));
    }

    /// <summary>Links an experiment.</summary>
    public static Linked<ExperimentUnit> Link(Declared<ExperimentSpec> experiment, EquatableArray<Declared<TeacherSpec>> teachers, ModuleTable table)
    {
        var linker = new Linker(experiment.Type, table);
        var teacher = linker.Add(experiment.Spec, teachers);
        return linker.Result(experiment.Spec, s => new ExperimentUnit(s, teacher!, linker.Modules()));
    }

    private void Add(TeacherSpec? teacher)
    {
        if (teacher is null)
        {
            return;
        }

        Add(teacher.LossForm, KnownNames.LossForm, new(_root, TeacherReader.LossFormNode));
        if (teacher.Body is { } body)
        {
            AddBlocks(body);
        }
    }

    private TeacherSpec? Add(ExperimentSpec? experiment, EquatableArray<Declared<TeacherSpec>> teachers)
    {
        if (experiment is null or { IsSound: false })
        {
            _isComplete = false;
            return null;
        }

        Add(experiment.Student.Full, KnownNames.Student, At(experiment.Student));
        Add(experiment.Metric.Full, KnownNames.Metric, At(experiment.Metric));
        foreach (var baseline in experiment.Baselines)
        {
            Add(baseline.Full, KnownNames.LossForm, At(baseline));
        }

        if (experiment.Mixture is { } mixture)
        {
            Add(mixture.Loss.Full, KnownNames.LossForm, At(mixture.Loss));
        }

        var teacher = teachers.FirstOrDefault(t => t.Type == experiment.Teacher.Full);
        if (teacher is null)
        {
            _problems.Report(Rules.NotA, At(experiment.Teacher), experiment.Teacher.Full, KnownNames.Teacher);
        }

        _isComplete &= teacher?.Spec is not null;
        Add(teacher?.Spec);
        return teacher?.Spec;
    }

    private SourceAnchor At(TypeReference reference) => new(_root, reference.Node);

    private void Add(string type, string attribute, SourceAnchor at)
    {
        if (!_table.TryGet(type, out var spec))
        {
            _problems.Report(Rules.NotA, at, type, attribute);
        }
        else if (spec is null && _table.Assembly(type) is { } assembly)
        {
            _problems.Report(Rules.UnknownBlock, at, type, assembly);
        }

        if (spec is null or { Methods.Count: 0 })
        {
            _isComplete = false;
        }
        else if (!_modules.ContainsKey(type))
        {
            AddBlocks(spec);
            _modules[type] = spec;
        }
    }

    private void AddBlocks(ModuleSpec module)
    {
        _path.Add(module.Type.Full);
        foreach (var field in module.Blocks)
        {
            var at = new SourceAnchor(module.Type.Full, field.Node);
            var start = _path.IndexOf(field.Block);
            if (start >= 0)
            {
                _isComplete = false;
                _problems.Report(
                    Rules.Unreadable, at, "A block that holds itself",
                    $"break the circle {string.Join(" -> ", _path.Skip(start).Concat([field.Block]).Select(t => t.Substring(t.LastIndexOf('.') + 1)))}");
            }
            else
            {
                Add(field.Block, KnownNames.Block, at);
            }
        }

        _path.RemoveAt(_path.Count - 1);
    }

    private EquatableArray<ModuleSpec> Modules() => _modules.Values.ToEquatableArray();

    private Linked<TUnit> Result<TSpec, TUnit>(TSpec? spec, Func<TSpec, TUnit> make)
        where TSpec : class
        where TUnit : class =>
        new(_root, spec is not null && _isComplete && !_problems.HasErrors ? make(spec) : null, _problems.Problems);
}
