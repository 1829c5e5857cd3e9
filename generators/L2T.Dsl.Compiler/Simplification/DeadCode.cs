using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>Drops the equations that no output needs, and what no output needs of a loop. Inputs stay: they are the kernel's signature.</summary>
public static class DeadCode
{
    /// <summary>The program without dead equations.</summary>
    public static Program Remove(Program program) =>
        program with { Equations = Liveness.Pruned(program.Equations, program.Outputs.Select(o => o.Value)) };
}
