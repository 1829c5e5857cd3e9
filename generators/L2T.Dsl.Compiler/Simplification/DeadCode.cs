using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>Drops the equations that no output needs. Inputs stay: they are the kernel's signature.</summary>
public static class DeadCode
{
    /// <summary>The program without dead equations.</summary>
    public static Program Remove(Program program)
    {
        var live = Liveness.Live(program.Equations, program.Outputs.Select(o => o.Value));
        return program with { Equations = program.Equations.Where(live.Contains).ToEquatableArray() };
    }
}
