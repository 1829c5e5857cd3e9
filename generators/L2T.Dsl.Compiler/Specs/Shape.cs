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

    /// <summary>Whether a name is in a size.</summary>
    public bool Mentions(string name) => Dims.Any(d => d.Symbols.Contains(name));

    /// <summary>
    /// The shape of as many such tensors one behind the other: [count, ...]. Where a size depends on the place of a tensor among them, they are all flat:
    /// [elements of all]; null where these can't be counted.
    /// </summary>
    /// <param name="place">The name of the place, counted from 0.</param>
    /// <param name="count">How many tensors.</param>
    public Shape? Stacked(string place, Dim count) => !Mentions(place) ? new([count, .. Dims])
        : Elements.Sum(place, count) is { } total ? Of(total)
        : null;

    /// <summary>The shape with names replaced.</summary>
    public Shape Substitute(IReadOnlyDictionary<string, Dim> sizes) => new(Dims.Select(d => d.Substitute(sizes)).ToEquatableArray());

    /// <inheritdoc/>
    public override string ToString() => "[" + string.Join(", ", Dims) + "]";
}
