namespace L2T.Dsl.Tensors;

/// <summary>One tensor of a module: name, shape, and how it starts. Equal by value.</summary>
/// <param name="Name">Path from the module, such as <c>_hidden.Weight</c>.</param>
/// <param name="Shape">Sizes, all positive, but the number of stacked tensors may be 0; empty for a scalar.</param>
/// <param name="Init">How the tensor is filled before training; see <see cref="TensorInitialiser"/>.</param>
/// <param name="Scale">The constant, the standard deviation or the gain of <paramref name="Init"/>.</param>
public sealed record TensorSlot(string Name, long[] Shape, Init Init, double Scale)
{
    /// <summary>
    /// For a stack of tensors that lie one behind the other: the shape of one of them, and <see cref="Init"/> fills each by itself. Null for a
    /// plain tensor.
    /// </summary>
    public long[]? RowShape { get; init; }

    /// <summary>
    /// For tensors of different shapes that lie one behind the other, flat: the shape of each, which <see cref="Init"/> fills by itself. Null for
    /// anything else.
    /// </summary>
    public long[][]? PartShapes { get; init; }

    /// <summary>Standard deviation of normal noise added to the filled tensor.</summary>
    public double Noise { get; init; }

    /// <summary>Whether training sets the tensor but does not descend on it (<see cref="BufferAttribute"/>).</summary>
    public bool IsBuffer { get; init; }

    /// <summary>Number of elements.</summary>
    public long Count => Elements(Shape);

    /// <summary>As many such tensors, one behind the other: [<paramref name="count"/>, ...].</summary>
    public TensorSlot Stacked(int count) => PartShapes is { } parts
        ? this with { Shape = [count, .. Shape], PartShapes = [.. Enumerable.Repeat(parts, count).SelectMany(p => p)] }
        : this with { Shape = [count, .. Shape], RowShape = RowShape ?? Shape };

    /// <summary>Tensors that differ from one in nothing but their shapes, one behind the other: flat, [elements of all].</summary>
    internal static TensorSlot Joined(TensorSlot one, IReadOnlyList<TensorSlot> slots) =>
        one with { Shape = [slots.Sum(slot => slot.Count)], RowShape = null, PartShapes = [.. slots.SelectMany(slot => slot.Fills)] };

    /// <summary>The shapes of the tensors that <see cref="Init"/> fills by themselves, in order.</summary>
    internal IEnumerable<long[]> Fills => PartShapes ?? (RowShape is { } row ? Enumerable.Repeat(row, (int)(Count / Elements(row))) : [Shape]);

    /// <summary>The same tensor seen from the module that holds this one in a field called <paramref name="field"/>.</summary>
    public TensorSlot Prefixed(string field) => this with { Name = $"{field}.{Name}" };

    /// <inheritdoc/>
    public bool Equals(TensorSlot? other) =>
        other is not null
        && Name == other.Name
        && Init == other.Init
        && Scale.Equals(other.Scale)
        && Noise.Equals(other.Noise)
        && IsBuffer == other.IsBuffer
        && Shape.AsSpan().SequenceEqual(other.Shape)
        && RowShape is null == other.RowShape is null
        && RowShape.AsSpan().SequenceEqual(other.RowShape)
        && PartShapes is null == other.PartShapes is null
        && (PartShapes ?? []).SequenceEqual(other.PartShapes ?? [], ShapeComparer.Instance);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Init, Scale, Noise, Shape.Length, Count);

    /// <summary><c>name [2, 3]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";

    /// <summary>For generated code: the size <paramref name="numerator"/> / <paramref name="denominator"/> of a tensor.</summary>
    /// <exception cref="L2TException">The division leaves a remainder.</exception>
    public static long Quotient(string name, long numerator, long denominator) => denominator != 0 && numerator % denominator == 0
        ? numerator / denominator
        : throw new L2TException($"The size {numerator}/{denominator} of '{name}' is not whole. Make the module with other sizes, or change its [Parameter] or [Coefficient].");

    private sealed class ShapeComparer : IEqualityComparer<long[]>
    {
        public static ShapeComparer Instance { get; } = new();

        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] shape) => shape.Length;
    }

    internal static long Elements(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
            count *= size;
        return count;
    }
}
