using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>A module with everything that it needs to be compiled by itself.</summary>
/// <param name="Module">The module.</param>
/// <param name="Blocks">The blocks that it uses, directly or through others, sorted by type name.</param>
public sealed record ModuleUnit(ModuleSpec Module, EquatableArray<ModuleSpec> Blocks);

/// <summary>A teacher with everything that it needs to be compiled by itself.</summary>
/// <param name="Teacher">The teacher.</param>
/// <param name="Modules">Its loss form, and the blocks of both, sorted by type name.</param>
public sealed record TeacherUnit(TeacherSpec Teacher, EquatableArray<ModuleSpec> Modules);

/// <summary>An experiment with everything that it needs to be compiled.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Teacher">Its teacher.</param>
/// <param name="Modules">Student, loss form, metric, baselines and all blocks, sorted by type name.</param>
public sealed record ExperimentUnit(ExperimentSpec Experiment, TeacherSpec Teacher, EquatableArray<ModuleSpec> Modules);
