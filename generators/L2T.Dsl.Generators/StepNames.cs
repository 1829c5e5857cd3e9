namespace L2T.Dsl.Generators;

/// <summary>The names of the pipeline's steps, by which tests assert what was cached.</summary>
internal static class StepNames
{
    /// <summary>Declarations, read through the semantic model: runs again at every edit, and holds live locations.</summary>
    public const string Read = nameof(Read);

    /// <summary>The modules of each referenced assembly.</summary>
    public const string ReadReferences = nameof(ReadReferences);

    /// <summary>The specs of the readings; from here on only content counts.</summary>
    public const string ReadSpecs = nameof(ReadSpecs);

    /// <summary>All modules, declared or referenced.</summary>
    public const string LinkTable = nameof(LinkTable);

    public const string LinkModules = nameof(LinkModules);
    public const string LinkTeachers = nameof(LinkTeachers);
    public const string LinkExperiments = nameof(LinkExperiments);

    public const string CompileModules = nameof(CompileModules);
    public const string CompileTeachers = nameof(CompileTeachers);
    public const string CompileExperiments = nameof(CompileExperiments);

    /// <summary>Experiments that were not compiled.</summary>
    public const string OutlineExperiments = nameof(OutlineExperiments);

    public const string EmitModules = nameof(EmitModules);
    public const string EmitTeachers = nameof(EmitTeachers);
    public const string EmitExperiments = nameof(EmitExperiments);

    /// <summary>What there is of experiments that were not compiled.</summary>
    public const string EmitOutlines = nameof(EmitOutlines);

    /// <summary>The programs of modules that other assemblies may use.</summary>
    public const string EmitPrograms = nameof(EmitPrograms);

    /// <summary>The places of calls without derivative rule: what is emitted of live locations, and nothing else is.</summary>
    public const string EmitPlaces = nameof(EmitPlaces);

    /// <summary>Everything that was found wrong, with its live locations.</summary>
    public const string Report = nameof(Report);
}
