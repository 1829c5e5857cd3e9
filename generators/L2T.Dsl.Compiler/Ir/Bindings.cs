using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>The values of names in a reference evaluation.</summary>
/// <param name="sizes">Sizes by name.</param>
/// <param name="scalars">Other numbers by name.</param>
public sealed class Bindings(IReadOnlyDictionary<string, long> sizes, IReadOnlyDictionary<string, double> scalars)
{
    /// <summary>No names.</summary>
    public static Bindings Empty { get; } = new(new Dictionary<string, long>(), new Dictionary<string, double>());

    /// <summary>What random masks are drawn by.</summary>
    public ulong NoiseKey { get; init; }

    /// <summary>The same with another size.</summary>
    public Bindings With(string name, long size) => new(sizes.Where(s => s.Key != name).Append(new(name, size)).ToDictionary(s => s.Key, s => s.Value), scalars) { NoiseKey = NoiseKey };

    /// <summary>The value of a size.</summary>
    public long Of(Dim dim) => dim.Evaluate(sizes);

    /// <summary>The sizes of a shape.</summary>
    public long[] Of(Shape shape) => [.. shape.Dims.Select(Of)];

    /// <summary>The value of a number.</summary>
    public double Of(Scalar scalar) =>
        scalar.Evaluate(sizes.Select(s => new KeyValuePair<string, double>(s.Key, s.Value)).Concat(scalars).ToDictionary(p => p.Key, p => p.Value));
}
