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
}
