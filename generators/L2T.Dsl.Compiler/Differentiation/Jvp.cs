using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Differentiation;

/// <summary>
/// Forward mode, program to program: writes, behind the program, the tangent of each value that depends on a pushed
/// one, by the forward rule of each op. Over a reverse pass this gives second derivatives without a tape.
/// </summary>
public static class Jvp
{
    /// <summary>Writes the tangents of values.</summary>
    /// <param name="b">Holds the program pushed through, and takes the equations of the forward pass.</param>
    /// <param name="tangents">The tangent of each pushed value.</param>
    /// <param name="of">The values whose tangents are wanted.</param>
    /// <returns>One entry for each wanted value; null where the derivative is zero.</returns>
    public static IReadOnlyList<Value?> Write(Builder b, IReadOnlyDictionary<Value, Value> tangents, IReadOnlyList<Value> of)
    {
        var known = tangents.ToDictionary(t => t.Key, t => t.Value);
        var needed = Liveness.Live(b.Equations, of);
        foreach (var equation in b.Equations.Where(needed.Contains).ToArray())
        {
            var incoming = equation.Operands.Select(o => known.TryGetValue(o, out var t) ? t : null).ToArray();
            if (incoming.All(t => t is null))
            {
                continue;
            }

            b.At = equation.At;
            var rule = equation.Op.Jvp(equation, incoming, b);
            for (var k = 0; k < rule.Count; k++)
            {
                if (rule[k] is { } t)
                {
                    known[equation.Results[k]] = t;
                }
            }
        }

        b.At = null;
        return [.. of.Select(v => known.TryGetValue(v, out var t) ? t : null)];
    }
}
