using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Generators;

/// <summary>The functions that compile units.</summary>
/// <param name="Module">Compiles a block, student, loss form or metric.</param>
/// <param name="Teacher">Compiles a teacher.</param>
/// <param name="Experiment">Compiles an experiment; the flag says whether tensors lie in host memory.</param>
internal sealed record UnitCompiler(
    Func<ModuleUnit, CompiledUnit> Module,
    Func<TeacherUnit, CompiledUnit> Teacher,
    Func<ExperimentUnit, bool, CompiledUnit> Experiment)
{
    /// <summary>The compiler itself.</summary>
    public static UnitCompiler Real { get; } = new(L2TCompiler.Compile, L2TCompiler.Compile, L2TCompiler.Compile);
}
