using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>
/// Gives every user of a mask (the derivative of relu) a mask of its own. Comparing again costs one instruction in a loop
/// that is there anyway; keeping the mask for a later loop would cost a buffer and a pass over memory.
/// </summary>
public static class RepeatedMasks
{
    /// <summary>The program with masks repeated.</summary>
    public static Program Rewrite(Program program)
    {
        var next = program.Inputs.Select(i => i.Value.Index).Concat(program.Equations.SelectMany(e => e.Results).Select(r => r.Index)).Max() + 1;
        var masks = program.Equations.Where(e => e.Op is StepOp).ToDictionary(e => e.Result);
        var used = new HashSet<Value>();
        var equations = new List<Equation>();
        foreach (var equation in program.Equations)
        {
            var operands = equation.Operands.ToArray();
            for (var i = 0; i < operands.Length; i++)
            {
                if (masks.TryGetValue(operands[i], out var mask) && !used.Add(operands[i]))
                {
                    operands[i] = operands[i] with { Index = next++ };
                    equations.Add(mask with { Results = [operands[i]] });
                }
            }

            equations.Add(equation with { Operands = [.. operands] });
        }

        return program with { Equations = equations.ToEquatableArray() };
    }
}
