namespace L2T.Dsl.Tensors;

/// <summary>
/// The values of a block, copied out of it: plain memory without a native tensor, which may be kept, compared and saved and need not be
/// disposed.
/// </summary>
public sealed class ParameterSet : IEquatable<ParameterSet>
{
    private readonly double[] _values;

    /// <exception cref="L2TException">The number of values is not that of the layout.</exception>
    public ParameterSet(IReadOnlyList<TensorSlot> layout, IReadOnlyList<double> values)
    {
        var count = layout.Sum(slot => slot.Count);
        if (values.Count != count)
            throw new L2TException($"{values.Count} values were given for a layout of {count} elements. Give one for each.");
        Layout = layout;
        _values = [.. values];
    }

    /// <summary>The slots.</summary>
    public IReadOnlyList<TensorSlot> Layout { get; }

    /// <summary>All values, slot after slot. A float32 is exactly a float64.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The values of the slot called <paramref name="name"/>, in row-major order.</summary>
    /// <exception cref="L2TException">No slot has that name.</exception>
    public ReadOnlySpan<double> this[string name]
    {
        get
        {
            var offset = 0L;
            foreach (var slot in Layout)
            {
                if (slot.Name == name)
                    return _values.AsSpan((int)offset, (int)slot.Count);
                offset += slot.Count;
            }
            throw new L2TException($"No tensor is called '{name}'. There are: {string.Join(", ", Layout.Select(slot => slot.Name))}.");
        }
    }

    /// <summary>The present values of <paramref name="block"/>.</summary>
    public static ParameterSet From(TensorBlock block)
    {
        if (block.BufferCount == 0)
        {
            var all = new double[block.Count];
            HostAccess.Read(block.Flat, all);
            return new ParameterSet(block.Layout, all);
        }
        var values = new List<double>();
        foreach (var tensor in block.Tensors)
        {
            var part = new double[tensor.numel()];
            HostAccess.Read(tensor, part);
            values.AddRange(part);
        }
        return new ParameterSet(block.Layout, values);
    }

    /// <summary>Writes the values to <paramref name="block"/>.</summary>
    /// <exception cref="L2TException">The block has another layout.</exception>
    public void CopyTo(TensorBlock block)
    {
        if (!HasShapesOf(block.Layout))
        {
            throw new L2TException($"These parameters are for [{string.Join("; ", Layout)}], not for [{string.Join("; ", block.Layout)}]. "
                + "Use them with the class they were learned with.");
        }
        var offset = 0;
        foreach (var tensor in block.Tensors)
        {
            var count = (int)tensor.numel();
            HostAccess.Write(_values.AsSpan(offset, count), tensor);
            offset += count;
        }
    }

    /// <summary>Whether <paramref name="layout"/> has the same names and shapes.</summary>
    public bool HasShapesOf(IReadOnlyList<TensorSlot> layout) =>
        Layout.Count == layout.Count
        && Layout.Zip(layout).All(pair => pair.First.Name == pair.Second.Name && pair.First.Shape.AsSpan().SequenceEqual(pair.Second.Shape));

    /// <summary>Same names, shapes and values.</summary>
    public bool Equals(ParameterSet? other) => other is not null && HasShapesOf(other.Layout) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in _values)
            hash.Add(value);
        return hash.ToHashCode();
    }
}
