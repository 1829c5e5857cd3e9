using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Tests;

/// <summary>Central differences of programs, and the measures by which derivatives are compared with them.</summary>
internal static class Differences
{
    private const double Step = 1e-5;

    /// <summary>The derivative of the outputs in a direction of the inputs; inputs without a direction stay.</summary>
    public static IReadOnlyDictionary<string, NdArray> Central(
        Program program,
        IReadOnlyDictionary<string, NdArray> at,
        IReadOnlyDictionary<string, NdArray> direction)
    {
        var (ahead, behind) = (Moved(Step), Moved(-Step));
        return ahead.ToDictionary(o => o.Key, o => o.Value.Zip(behind[o.Key], (x, y) => (x - y) / (2 * Step)));

        IReadOnlyDictionary<string, NdArray> Moved(double by) => Interpreter.Run(
            program,
            at.ToDictionary(i => i.Key, i => direction.TryGetValue(i.Key, out var d) ? i.Value.Zip(d, (x, t) => x + (by * t)) : i.Value),
            Bindings.Empty);
    }

    /// <summary>The greatest difference, over the greatest magnitude or 1.</summary>
    public static double Relative(NdArray expected, NdArray actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var scale = expected.Data.Concat(actual.Data).Select(Math.Abs).Append(1).Max();
        return expected.Data.Zip(actual.Data, (x, y) => Math.Abs(x - y)).Append(0).Max() / scale;
    }

    /// <summary>The inner product.</summary>
    public static double Dot(NdArray x, NdArray y) => x.Data.Zip(y.Data, (a, b) => a * b).Sum();
}
