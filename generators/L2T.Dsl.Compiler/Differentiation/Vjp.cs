using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Differentiation;

/// <summary>
/// Reverse mode, program to program: goes on writing where the primal ends, from the outputs back, by the reverse
/// rule of each op. What does not lie on a path from a wanted input to the differentiated output is skipped.
/// </summary>
public static class Vjp
{
    /// <summary>Writes the cotangents of values.</summary>
    /// <param name="b">Holds the primal, and takes the equations of the reverse pass.</param>
    /// <param name="seeds">The outputs differentiated, each with its cotangent.</param>
    /// <param name="wrt">The values whose cotangents are wanted: inputs, or results of earlier equations.</param>
    /// <returns>One entry for each wanted value; null where the derivative is zero.</returns>
    public static IReadOnlyList<Value?> Write(Builder b, IReadOnlyList<(Value Output, Value Cotangent)> seeds, IReadOnlyList<Value> wrt)
    {
        var primal = b.Equations.ToArray();
        var active = Active(primal, wrt);
        var cotangents = new Dictionary<Value, Value>();
        foreach (var (output, cotangent) in seeds)
        {
            cotangents[output] = b.AddOrNull(cotangents.TryGetValue(output, out var other) ? other : null, cotangent)!;
        }

        for (var i = primal.Length - 1; i >= 0; i--)
        {
            var equation = primal[i];
            if (!equation.Results.Any(cotangents.ContainsKey) || !equation.Operands.Any(active.Contains))
            {
                continue;
            }

            b.At = equation.At;
            var rule = equation.Op.Vjp(equation, equation.Results.Select(r => cotangents.TryGetValue(r, out var g) ? g : null).ToArray(), b);
            if (rule.Count != equation.Operands.Count)
            {
                throw new InvalidOperationException($"The reverse rule of {equation.Op} gives {rule.Count} cotangents for {equation.Operands.Count} operands.");
            }

            for (var k = 0; k < rule.Count; k++)
            {
                var operand = equation.Operands[k];
                if (rule[k] is { } g && active.Contains(operand))
                {
                    cotangents[operand] = b.AddOrNull(cotangents.TryGetValue(operand, out var sum) ? sum : null, g)!;
                }
            }
        }

        b.At = null;
        return [.. wrt.Select(w => cotangents.TryGetValue(w, out var g) ? g : null)];
    }

    /// <summary>The values that depend on a wanted one through real numbers.</summary>
    private static HashSet<Value> Active(IEnumerable<Equation> equations, IEnumerable<Value> wrt)
    {
        var active = new HashSet<Value>(wrt);
        foreach (var equation in equations)
        {
            if (equation.Operands.Any(active.Contains))
            {
                active.UnionWith(equation.Results.Where(r => r.IsReal));
            }
        }

        return active;
    }
}
