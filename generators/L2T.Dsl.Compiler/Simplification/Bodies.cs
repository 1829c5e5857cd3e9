using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>Applies a rewriting to the bodies of loops, innermost first, and to the program around them.</summary>
public static class Bodies
{
    /// <summary>The program rewritten.</summary>
    public static Program Rewrite(Program program, Func<Program, Program> rewrite) => rewrite(program with
    {
        Equations = program.Equations
            .Select(e => e.Op is LoopOp loop ? e with { Op = loop with { Body = Rewrite(loop.Body, rewrite) } } : e)
            .ToEquatableArray(),
    });
}
