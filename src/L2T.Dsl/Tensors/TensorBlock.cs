using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Storage for all tensors of a layout, with a view for each slot. Those that are descended on lie one after the other in
/// <see cref="Flat"/>: copying, adding to or scaling the block is one operation on it. The buffers of a student, such as running
/// statistics, lie behind them in <see cref="BufferFlat"/>, where an optimizer does not see them; only initialising, zeroing and
/// <see cref="ParameterSet"/> concern them too. No tensor of a block takes part in autograd, and a dispose scope around its creation does not end
/// it: the block alone owns its tensors.
/// </summary>
public sealed class TensorBlock : IDisposable
{
    private readonly Tensor _storage;
    private readonly Tensor[] _views;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _buffers;
    private readonly List<TensorCursor> _lent = [];

    /// <summary>A block of zeros. The layout may be empty.</summary>
    /// <exception cref="L2TException">A slot has no elements, or <paramref name="dtype"/> is neither float32 nor float64.</exception>
    public TensorBlock(IReadOnlyList<TensorSlot> layout, ScalarType dtype, Device device)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new L2TException($"Blocks hold float32 or float64, not {dtype}. Set DType to one of these.");
        foreach (var slot in layout)
            Validate(slot);

        Libtorch.EnsureLoaded();
        Layout = layout;
        Count = layout.Where(slot => !slot.IsBuffer).Sum(slot => slot.Count);
        BufferCount = layout.Where(slot => slot.IsBuffer).Sum(slot => slot.Count);
        _storage = zeros([Count + BufferCount], dtype, device).DetachFromDisposeScope();
        Flat = _storage.narrow(0, 0, Count).DetachFromDisposeScope();
        BufferFlat = _storage.narrow(0, Count, BufferCount).DetachFromDisposeScope();
        _views = new Tensor[layout.Count];
        var (offset, bufferOffset) = (0L, Count);
        for (var i = 0; i < layout.Count; i++)
        {
            ref var at = ref layout[i].IsBuffer ? ref bufferOffset : ref offset;
            using var range = _storage.narrow(0, at, layout[i].Count);
            _views[i] = range.view(layout[i].Shape).DetachFromDisposeScope();
            at += layout[i].Count;
        }
        _parameters = [.. _views.Where((_, i) => !layout[i].IsBuffer)];
        _buffers = [.. _views.Where((_, i) => layout[i].IsBuffer)];
    }

    /// <summary>The slots, in the order of their views.</summary>
    public IReadOnlyList<TensorSlot> Layout { get; }

    /// <summary>All elements that are descended on, slot after slot, as one tensor [<see cref="Count"/>].</summary>
    public Tensor Flat { get; }

    /// <summary>All elements of buffers, slot after slot, as one tensor [<see cref="BufferCount"/>].</summary>
    public Tensor BufferFlat { get; }

    /// <summary>The views, one for each slot, in order.</summary>
    public IReadOnlyList<Tensor> Tensors => _views;

    /// <summary>The views of the buffers, in order.</summary>
    public IReadOnlyList<Tensor> Buffers => _buffers;

    /// <summary>Number of elements in all slots that are no buffers.</summary>
    public long Count { get; }

    /// <summary>Number of elements in all buffers.</summary>
    public long BufferCount { get; }

    /// <summary>The size of all elements together.</summary>
    public long Bytes => (Count + BufferCount) * Flat.element_size();

    /// <summary>The view of the <paramref name="index"/>th slot that is no buffer.</summary>
    public Tensor this[int index] => _parameters[index];

    /// <summary>The view of the slot called <paramref name="name"/>.</summary>
    /// <exception cref="L2TException">No slot has that name.</exception>
    public Tensor this[string name]
    {
        get
        {
            for (var i = 0; i < Layout.Count; i++)
            {
                if (Layout[i].Name == name)
                    return _views[i];
            }
            throw new L2TException($"No tensor is called '{name}'. There are: {string.Join(", ", Layout.Select(slot => slot.Name))}.");
        }
    }

    /// <summary>Lends the tensors to <paramref name="module"/>, whose layout must be this one, for as long as the block lives.</summary>
    public void LendTo(ITensorModule module)
    {
        var cursor = new TensorCursor(_views);
        _lent.Add(cursor);
        module.Bind(cursor);
    }

    /// <summary>A block of zeros with the layout, element type and device of <paramref name="block"/>.</summary>
    public static TensorBlock LikeZeros(TensorBlock block) => new(block.Layout, block.Flat.dtype, block.Flat.device);

    /// <summary>Fills every slot as its <see cref="TensorSlot.Init"/> says, with random numbers from <paramref name="generator"/>.</summary>
    public void Initialise(Generator generator)
    {
        for (var i = 0; i < _views.Length; i++)
            TensorInitialiser.Fill(_views[i], Layout[i], generator);
    }

    /// <summary>Sets all elements to zero.</summary>
    public void Zero() => _storage.fill_(0);

    /// <summary>Takes over the values of <paramref name="other"/>, which must have as many elements; not those of buffers.</summary>
    /// <exception cref="L2TException">It has another number of elements.</exception>
    public void CopyFrom(TensorBlock other)
    {
        if (other.Count != Count)
            throw new L2TException($"A block of {other.Count} elements cannot be copied into one of {Count}. Use blocks of the same layout.");
        Flat.copy_(other.Flat);
    }

    /// <summary>Multiplies all elements by <paramref name="factor"/>.</summary>
    public void Scale(double factor)
    {
        using Scalar scalar = factor;
        Flat.mul_(scalar);
    }

    /// <summary>Adds <paramref name="factor"/> times the elements of <paramref name="other"/>, which must have as many.</summary>
    public void Add(TensorBlock other, double factor)
    {
        // Not a temporary: it could be finalized while libtorch reads it.
        using Scalar scalar = factor;
        Flat.add_(other.Flat, scalar);
    }

    /// <summary>The inner product with <paramref name="other"/>, which must have as many elements.</summary>
    public double Dot(TensorBlock other)
    {
        using var product = Flat.dot(other.Flat);
        return HostAccess.Scalar(product);
    }

    /// <summary>Whether every element is a finite number.</summary>
    public bool IsFinite()
    {
        using var finite = _storage.isfinite();
        using var all = finite.all();
        return all.item<bool>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var cursor in _lent)
            cursor.Dispose();
        foreach (var view in _views)
            view.Dispose();
        Flat.Dispose();
        BufferFlat.Dispose();
        _storage.Dispose();
    }

    private static void Validate(TensorSlot slot)
    {
        // There may be no tensors to stack.
        var stacked = slot.PartShapes is not null ? slot.Shape.Length : slot.Shape.Length - (slot.RowShape ?? slot.Shape).Length;
        if (slot.Shape.Where((size, i) => i < stacked ? size < 0 : size <= 0).Any())
            throw new L2TException($"{slot}: every size must be positive.");
        if (slot.PartShapes is { } parts && (slot.Count != parts.Sum(part => TensorSlot.Elements(part)) || parts.Any(part => part.Any(size => size <= 0))))
            throw new L2TException($"{slot}: its {parts.Length} parts must have positive sizes and fill it.");
        if (slot.RowShape is { } row && slot.Count % TensorSlot.Elements(row) != 0)
            throw new L2TException($"{slot}: tensors of shape [{string.Join(", ", row)}] do not fill it. Use the shape [rows, {TensorSlot.Elements(row)}].");
    }
}
