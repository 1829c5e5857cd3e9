using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Differentiation;

/// <summary>Says in words why no derivative leads from a value to another.</summary>
public static class Barriers
{
    /// <summary>The reason: no dependence at all, or the ops at which every path ends.</summary>
    public static string Explain(Program program, Value from, Value to)
    {
        var live = Liveness.Live(program.Equations, [to]);
        var dependent = new HashSet<Value> { from };
        var barriers = new List<string>();
        foreach (var equation in program.Equations.Where(e => live.Contains(e) && e.Operands.Any(dependent.Contains)))
        {
            dependent.UnionWith(equation.Results);
            if (IsBarrier(program, equation, dependent))
            {
                barriers.Add($"'{equation.Op.Name}'");
            }
        }

        return dependent.Contains(to) && barriers.Count > 0
            ? $"the only way to it passes through {string.Join(", ", barriers.Distinct())}, whose derivative is zero"
            : "the result does not depend on it";
    }

    private static bool IsBarrier(Program program, Equation equation, HashSet<Value> dependent)
    {
        if (!equation.Results.Any(r => r.IsReal))
        {
            return true;
        }

        // The operand stands in for its own tangent: only whether the rule gives anything is asked.
        var tangents = equation.Operands.Select(o => dependent.Contains(o) && o.IsReal ? o : null).ToArray();
        return tangents.All(t => t is null) || equation.Op.Jvp(equation, tangents, new Builder(program)).All(t => t is null);
    }
}
