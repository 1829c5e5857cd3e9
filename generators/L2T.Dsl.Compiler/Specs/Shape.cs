using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>A symbolic shape; the empty one is a scalar's.</summary>
/// <param name="Dims">The sizes, outermost first.</param>
public sealed record Shape(EquatableArray<Dim> Dims)
{
    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>The number of dimensions.</summary>
    public int Rank => Dims.Count;

    /// <summary>The number of elements.</summary>
    public Dim Elements => Dims.Aggregate(Dim.One, (product, d) => product * d);

    /// <summary>The size of one dimension; negative indices count from the end.</summary>
    public Dim this[int index] => Dims[index < 0 ? index + Rank : index];

    /// <summary>A shape of these sizes.</summary>
    public static Shape Of(params Dim[] dims) => new([.. dims]);

    /// <summary>The shape with names replaced.</summary>
    public Shape Substitute(IReadOnlyDictionary<string, Dim> sizes) => new(Dims.Select(d => d.Substitute(sizes)).ToEquatableArray());

    /// <inheritdoc/>
    public override string ToString() => "[" + string.Join(", ", Dims) + "]";
}
