using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>Which equations a set of values needs.</summary>
public static class Liveness
{
    /// <summary>The equations on which the values depend.</summary>
    public static HashSet<Equation> Live(IReadOnlyList<Equation> equations, IEnumerable<Value> values)
    {
        var wanted = new HashSet<Value>(values);
        var live = new HashSet<Equation>();
        for (var i = equations.Count - 1; i >= 0; i--)
        {
            if (equations[i].Results.Any(wanted.Contains))
            {
                live.Add(equations[i]);
                wanted.UnionWith(equations[i].Operands);
            }
        }

        return live;
    }

    /// <summary>The equations on which the values depend, in order, each without what only unused results need.</summary>
    public static EquatableArray<Equation> Pruned(EquatableArray<Equation> equations, IEnumerable<Value> values)
    {
        var wanted = new HashSet<Value>(values);
        var live = new Stack<Equation>();
        for (var i = equations.Count - 1; i >= 0; i--)
        {
            if (equations[i].Results.Any(wanted.Contains))
            {
                var equation = equations[i].Op.Prune(equations[i], wanted.Contains);
                live.Push(equation);
                wanted.UnionWith(equation.Operands);
            }
        }

        return live.ToEquatableArray();
    }
}
