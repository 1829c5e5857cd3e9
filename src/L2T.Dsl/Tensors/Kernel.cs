using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// The base of generated kernels. A kernel is bound at construction to blocks and to a batch size, makes all its
/// buffers and views then, and runs without allocating what it can reuse. It owns its buffers and nothing else; it is
/// not thread-safe.
/// </summary>
public abstract class Kernel : IDisposable
{
    // Buffers start on cache lines, so that neighbouring ones never share one.
    private const long Alignment = 64;

    private readonly List<IDisposable> _owned = [];

    /// <summary>A kernel for blocks of this element type on this device.</summary>
    protected Kernel(TensorBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Dtype = block.Flat.dtype;
        Device = block.Flat.device;
        IsDouble = Dtype == ScalarType.Float64;
    }

    /// <summary>The bytes of the buffers that the kernel keeps between runs.</summary>
    public long BufferBytes { get; private set; }

    /// <summary>What the masks of a run are drawn by: the same key, the same masks.</summary>
    public ulong NoiseKey { get; set; }

    /// <summary>The real type: float32 or float64.</summary>
    protected internal ScalarType Dtype { get; }

    /// <summary>Where the tensors live.</summary>
    protected internal Device Device { get; }

    /// <summary>Whether the real type is float64.</summary>
    protected bool IsDouble { get; }

    private int ElementBytes => IsDouble ? sizeof(double) : sizeof(float);

    private long PerLine => Alignment / ElementBytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the buffers and views.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var item in _owned)
            {
                item.Dispose();
            }

            _owned.Clear();
        }
    }

    /// <summary>Takes a tensor made at construction into the kernel's ownership, out of any dispose scope.</summary>
    protected internal Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>A number that lives as long as the kernel.</summary>
    protected internal Scalar Own(double number)
    {
        Scalar scalar = number;
        _owned.Add(scalar);
        return scalar;
    }

    /// <summary>
    /// Buffers of the real type in one allocation, where those that are never in use at the same time may lie in the same place. What is in
    /// them lasts from the first to the last time of a run.
    /// </summary>
    /// <param name="lives">The number of elements of each, and the first and the last time at which it is in use.</param>
    protected Tensor[] Buffers(params ReadOnlySpan<(long Elements, int First, int Last)> lives)
    {
        var lines = new (long Size, int First, int Last)[lives.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            // Of a loop that never runs, the sizes that depend on the iteration may be negative.
            lines[i] = (LinesOf(Math.Max(0, lives[i].Elements)), lives[i].First, lives[i].Last);
        }

        var (starts, total) = Packing.Of(lines);
        var arena = Buffer(total * PerLine);
        var buffers = new Tensor[lives.Length];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] = Own(arena.narrow(0, starts[i] * PerLine, Math.Max(0, lives[i].Elements)));
        }

        return buffers;
    }

    /// <summary>A buffer of the real type that is in use all the time.</summary>
    protected Tensor Buffer(long elements)
    {
        BufferBytes += elements * ElementBytes;
        return Own(torch.zeros(elements, dtype: Dtype, device: Device));
    }

    /// <summary>
    /// Where the parts begin of a flat tensor that holds tensors of these numbers of elements, each on a cache line; and behind them, its size.
    /// </summary>
    protected long[] Starts(params ReadOnlySpan<long> elements)
    {
        var starts = new long[elements.Length + 1];
        for (var i = 0; i < elements.Length; i++)
        {
            starts[i + 1] = starts[i] + (LinesOf(elements[i]) * PerLine);
        }

        return starts;
    }

    /// <summary>A view, in a shape, of the elements of a flat, contiguous tensor from a start on. The caller disposes it.</summary>
    protected internal static Tensor PartOf(Tensor flat, long start, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(flat);
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        // One call: a kernel's run makes such views, and to narrow and then view takes more than twice as long.
        return flat.as_strided(shape.ToArray(), strides, flat.storage_offset() + start);
    }

    private long LinesOf(long elements) => (elements + PerLine - 1) / PerLine;

    /// <summary>Whether an exception of a run is libtorch's or the runtime's: one that does not say what was running.</summary>
    protected static bool IsForeign(Exception e) => e is not L2TException;

    /// <summary>An exception of a run, with the kernel's name.</summary>
    protected L2TException Fault(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        // What follows is libtorch's own stack.
        var line = e.Message.Split('\n')[0].TrimEnd(' ', '.', '\r');
        return new L2TException(
            $"{GetType().FullName} failed: {line}. Look at the values it ran on (labels and indices must lie within the sizes that they choose from), "
            + "at the free memory, and at the kernel's code in obj/Generated, which heads with its program.",
            e);
    }

    /// <summary>Checks that a tensor given to a run is what the kernel was made for.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">Its name for the message.</param>
    /// <param name="isReal">Whether it is to be of the kernel's real type; else int64.</param>
    /// <param name="shape">The shape that the kernel was made for.</param>
    /// <exception cref="L2TException">It is something else.</exception>
    protected void Require(Tensor tensor, string name, bool isReal, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var wanted = isReal ? Dtype : ScalarType.Int64;
        var actual = tensor.shape;
        if (tensor.dtype != wanted || !shape.SequenceEqual(actual) || !tensor.is_contiguous())
        {
            throw new L2TException(
                $"'{name}' is {tensor.dtype}[{string.Join(", ", actual)}]{(tensor.is_contiguous() ? "" : " (not contiguous)")}, but {GetType().Name} was made for {wanted}[{string.Join(", ", shape.ToArray())}]. "
                + "Give it a tensor of that type and shape (to(), contiguous()), or make a kernel for that batch size.");
        }
    }
}
