using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>
/// Lets a loop that reads, of each iteration, what another one computed in the same iteration run along with it: a loop and its tangent are one
/// loop then. What passed between them need not be kept for all iterations, and what both compute is computed once.
/// </summary>
public static class MergedLoops
{
    /// <summary>The program with loops merged, and loops in the bodies of loops.</summary>
    public static Program Rewrite(Program program)
    {
        while (Merge(program) is { } merged)
        {
            program = merged;
        }

        return DeadCode.Remove(program with
        {
            Equations = program.Equations
                .Select(e => e.Op is LoopOp loop ? e with { Op = loop with { Body = Rewrite(loop.Body) } } : e)
                .ToEquatableArray(),
        });
    }

    /// <summary>The program with the first pair of loops merged that can be; null if there is none.</summary>
    private static Program? Merge(Program program)
    {
        for (var i = 0; i < program.Equations.Count; i++)
        {
            if (program.Equations[i].Op is not LoopOp first)
            {
                continue;
            }

            var dependent = new HashSet<Value>();
            for (var j = i + 1; j < program.Equations.Count; j++)
            {
                if (program.Equations[j].Op is LoopOp second && CanMerge(program.Equations[i], first, program.Equations[j], second, dependent))
                {
                    var between = program.Equations.Skip(i + 1).Take(j - i - 1).ToArray();
                    bool IsDependent(Equation e) => e.Results.Any(dependent.Contains);
                    return program with
                    {
                        Equations =
                        [
                            .. program.Equations.Take(i),
                            .. between.Where(e => !IsDependent(e)),
                            Merged(program.Equations[i], first, program.Equations[j], second),
                            .. between.Where(IsDependent),
                            .. program.Equations.Skip(j + 1),
                        ],
                    };
                }

                if (program.Equations[j].Operands.Any(o => dependent.Contains(o) || program.Equations[i].Results.Contains(o)))
                {
                    dependent.UnionWith(program.Equations[j].Results);
                }
            }
        }

        return null;
    }

    /// <summary>Whether the second loop reads stacks of the first, each iteration its own element, and nothing else that needs the first.</summary>
    private static bool CanMerge(Equation one, LoopOp first, Equation other, LoopOp second, HashSet<Value> dependent)
    {
        var results = one.Results.ToArray();
        var read = 0;
        for (var i = 0; i < other.Operands.Count; i++)
        {
            var result = Array.IndexOf(results, other.Operands[i]);
            if (dependent.Contains(other.Operands[i]) || (result >= 0 && !(i >= second.FirstSequence && IsStack(first, result))))
            {
                return false;
            }

            read += result >= 0 ? 1 : 0;
        }

        return read > 0 && first.Length.Equals(second.Length) && first.Reversed == second.Reversed && first.Element == second.Element;
    }

    private static bool IsStack(LoopOp loop, int result) => result >= loop.Carries && result < loop.FirstSum;

    private static Equation Merged(Equation one, LoopOp first, Equation other, LoopOp second)
    {
        var b = new Builder();
        var operands = new List<Value>();
        var firstResults = one.Results.ToArray();
        (Equation Equation, LoopOp Loop, Dictionary<Value, Value> Inside)[] both = [(one, first, []), (other, second, [])];

        var constants = Inputs("k", InputRole.Constant, (loop, i) => i < loop.Constants);
        foreach (var (equation, loop, inside) in both)
        {
            for (var i = loop.Constants; i < loop.FirstSequence; i++)
            {
                inside[loop.Body.Inputs[i].Value] = b.Input("c" + (operands.Count - constants), InputRole.Carry, loop.Body.Inputs[i].Value.Type);
                operands.Add(equation.Operands[i]);
            }
        }

        _ = Inputs("x", InputRole.Element, (loop, i) => i >= loop.FirstSequence);
        foreach (var (equation, loop, inside) in both)
        {
            for (var i = loop.FirstSequence; i < equation.Operands.Count; i++)
            {
                if (Array.IndexOf(firstResults, equation.Operands[i]) is var result && result >= 0)
                {
                    inside[loop.Body.Inputs[i].Value] = both[0].Inside[first.Body.Outputs[result].Value];
                }
            }

            foreach (var inner in loop.Body.Equations)
            {
                b.At = inner.At;
                var values = b.ApplyAll(inner.Op, [.. inner.Operands.Select(o => inside[o])]);
                for (var i = 0; i < values.Count; i++)
                {
                    inside[inner.Results[i]] = values[i];
                }
            }
        }

        var outputs = new List<ProgramOutput>();
        var results = new List<Value>();
        Outputs("c", (loop, i) => i < loop.Carries);
        Outputs("y", IsStack);
        Outputs("s", (loop, i) => i >= loop.FirstSum);
        return new(
            new LoopOp(
                b.Build("body", outputs).Renumbered(),
                constants,
                first.Carries + second.Carries,
                first.Stacks + second.Stacks,
                first.Length,
                first.Reversed,
                first.Element),
            operands.ToEquatableArray(),
            results.ToEquatableArray(),
            other.At);

        // What comes in twice comes in once.
        int Inputs(string name, InputRole role, Func<LoopOp, int, bool> isWanted)
        {
            var known = new Dictionary<Value, Value>();
            foreach (var (equation, loop, inside) in both)
            {
                for (var i = 0; i < equation.Operands.Count; i++)
                {
                    var operand = equation.Operands[i];
                    if (!isWanted(loop, i) || firstResults.Contains(operand))
                    {
                        continue;
                    }

                    var input = loop.Body.Inputs[i].Value;
                    if (!known.TryGetValue(operand, out var value))
                    {
                        known[operand] = value = b.Input(name + known.Count, role, input.Type);
                        operands.Add(operand);
                    }

                    inside[input] = value;
                }
            }

            return known.Count;
        }

        void Outputs(string name, Func<LoopOp, int, bool> isWanted)
        {
            var count = 0;
            foreach (var (equation, loop, inside) in both)
            {
                for (var i = 0; i < equation.Results.Count; i++)
                {
                    if (isWanted(loop, i))
                    {
                        outputs.Add(new(name + count++, inside[loop.Body.Outputs[i].Value]));
                        results.Add(equation.Results[i]);
                    }
                }
            }
        }
    }
}
