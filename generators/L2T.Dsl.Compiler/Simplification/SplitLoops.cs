using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>
/// Takes loops apart into one that gives what is dear in each iteration, and one that computes all else from that: where the first has run
/// already and what it gave was kept, the second takes the place of keeping the rest.
/// </summary>
public static class SplitLoops
{
    /// <summary>The program with loops taken apart, where the second of the two holds nothing that is dear.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isWanted">Which loops to take apart, by a result.</param>
    public static Program Rewrite(Program program, Func<Value, bool> isWanted)
    {
        var next = program.Inputs.Select(i => i.Value.Index).Concat(program.Equations.SelectMany(e => e.Results).Select(r => r.Index)).DefaultIfEmpty(-1).Max() + 1;
        var equations = new List<Equation>();
        foreach (var equation in program.Equations)
        {
            if (equation.Op is LoopOp loop && equation.Results.All(isWanted) && Rest(equation, loop) is { } rest)
            {
                equations.Add(equation with { Results = equation.Results.Select(r => rest.Results.Contains(r) ? r with { Index = next++ } : r).ToEquatableArray() });
                equations.Add(rest);
            }
            else
            {
                equations.Add(equation);
            }
        }

        return program with { Equations = equations.ToEquatableArray() };
    }

    /// <summary>The loop that takes from stacks of another one what is dear; null if there is none or it cannot have all of it from there.</summary>
    private static Equation? Rest(Equation equation, LoopOp loop)
    {
        var dear = new HashSet<Equation>(loop.Body.Equations.Where(e => e.Op.IsDear(e)));
        var given = new Dictionary<Value, int>();
        for (var i = loop.Carries; i < loop.FirstSum; i++)
        {
            if (dear.Any(e => e.Results.Contains(loop.Body.Outputs[i].Value)))
            {
                given[loop.Body.Outputs[i].Value] = i;
            }
        }

        var left = loop.Body.Equations.Where(e => !dear.Contains(e)).ToEquatableArray();
        var outputs = Enumerable.Range(0, loop.Body.Outputs.Count).Where(i => !given.ContainsValue(i)).ToArray();
        var read = new HashSet<Value>(left.SelectMany(e => e.Operands).Concat(outputs.Select(i => loop.Body.Outputs[i].Value)));
        if (given.Count == 0 || outputs.Length == 0 || dear.SelectMany(e => e.Results).Any(r => read.Contains(r) && !given.ContainsKey(r)))
        {
            return null;
        }

        return equation with
        {
            Op = new LoopOp(
                loop.Body with
                {
                    Inputs = loop.Body.Inputs.Concat(given.Keys.Select((v, i) => new ProgramInput("g" + i, InputRole.Element, v))).ToEquatableArray(),
                    Equations = left,
                    Outputs = outputs.Select(i => loop.Body.Outputs[i]).ToEquatableArray(),
                },
                loop.Constants,
                loop.Carries,
                outputs.Count(i => i >= loop.Carries && i < loop.FirstSum),
                loop.Length,
                loop.Reversed,
                loop.Element),
            Operands = equation.Operands.Concat(given.Values.Select(i => equation.Results[i])).ToEquatableArray(),
            Results = outputs.Select(i => equation.Results[i]).ToEquatableArray(),
        };
    }
}
