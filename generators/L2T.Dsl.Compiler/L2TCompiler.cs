using L2T.Dsl.Compiler.Compilation;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler;

/// <summary>The driver: units in, C# text and problems out. Pure functions.</summary>
public static class L2TCompiler
{
    /// <summary>Checks a block, student, loss form or metric and writes its tensors' storage.</summary>
    public static CompiledUnit Compile(ModuleUnit unit) => ModuleCompiler.Compile(unit);

    /// <summary>Checks a teacher against its loss form and writes its reading of the state.</summary>
    public static CompiledUnit Compile(TeacherUnit unit) => TeacherCompiler.Compile(unit);

    /// <summary>Writes an experiment's kernels and trainer.</summary>
    /// <param name="unit">The experiment.</param>
    /// <param name="hostMemory">
    /// Whether tensors lie in host memory, so that pointwise ops can be gathered into loops over it; on a GPU each is a
    /// libtorch call.
    /// </param>
    public static CompiledUnit Compile(ExperimentUnit unit, bool hostMemory) => ExperimentCompiler.Compile(unit, hostMemory);

    /// <summary>
    /// Writes what an experiment is to the code that uses it, without what it does: where some part of it is at fault, that is reported, and C#
    /// would report besides every use of what was not written.
    /// </summary>
    /// <param name="experiment">The experiment.</param>
    public static CompiledUnit Outline(ExperimentSpec experiment) =>
        new([new(ExperimentWriter.FileName(experiment), ExperimentWriter.Outline(experiment))], []);
}
