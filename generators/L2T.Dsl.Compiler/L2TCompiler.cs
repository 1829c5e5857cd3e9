using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler;

/// <summary>The driver: units in, C# text and problems out. Pure functions.</summary>
public static class L2TCompiler
{
    /// <summary>Checks a block, student, loss form or metric and writes its tensors' storage.</summary>
    public static CompiledUnit Compile(ModuleUnit unit) => throw new System.NotImplementedException(unit.Module.Type.Full);

    /// <summary>Checks a teacher against its loss form and writes its storage.</summary>
    public static CompiledUnit Compile(TeacherUnit unit) => throw new System.NotImplementedException(unit.Teacher.Type.Full);

    /// <summary>Writes an experiment's kernels and trainer.</summary>
    public static CompiledUnit Compile(ExperimentUnit unit) => throw new System.NotImplementedException(unit.Experiment.Type.Full);
}
