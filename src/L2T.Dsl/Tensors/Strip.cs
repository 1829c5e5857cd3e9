using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// A run of elements in host memory, read and written a vector at a time by fused loops. It neither owns the memory
/// nor checks bounds: kernels make strips only over tensors whose shape they have checked, and which outlive the loop.
/// </summary>
/// <typeparam name="T">float or double, as the tensor's type.</typeparam>
/// <param name="address">The address of the first element.</param>
public readonly unsafe struct Strip<T>(nint address)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _start = (T*)address;

    /// <summary>One element.</summary>
    public T this[long offset]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _start[offset];
    }

    /// <summary>The strip that starts so many elements further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Strip<T> Skip(long elements) => new((nint)(_start + elements));

    /// <summary>The vector at an offset; past the last <paramref name="remaining"/> elements it is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Load(long offset, long remaining) =>
        remaining >= Vector<T>.Count ? Unsafe.ReadUnaligned<Vector<T>>(_start + offset) : LoadEnd(_start + offset, (int)remaining);

    /// <summary>One element, in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Repeat(long offset) => new(_start[offset]);

    /// <summary>Writes the vector, at most <paramref name="remaining"/> elements of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long offset, long remaining, Vector<T> value)
    {
        if (remaining >= Vector<T>.Count)
        {
            Unsafe.WriteUnaligned(_start + offset, value);
        }
        else
        {
            StoreEnd(_start + offset, (int)remaining, value);
        }
    }

    /// <summary>Adds so many elements of another strip.</summary>
    public void Add(Strip<T> other, long count)
    {
        for (var i = 0L; i < count; i += Vector<T>.Count)
        {
            Store(i, count - i, Load(i, count - i) + other.Load(i, count - i));
        }
    }

    /// <summary>Adds the vector of a row to what is there, at most <paramref name="remaining"/> elements of it; the first row is written over it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sum(long row, long offset, long remaining, Vector<T> value) =>
        Store(offset, remaining, row == 0 ? value : Load(offset, remaining) + value);

    /// <summary>Adds a row's number to what is there; the first <paramref name="period"/> rows' are written, and those behind begin again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sum(long row, long period, T value)
    {
        if (row < period)
        {
            _start[row] = value;
        }
        else
        {
            _start[row % period] += value;
        }
    }

    private static bool IsAvx => Avx.IsSupported && Vector<byte>.Count == Vector256<byte>.Count;

    // Words of 32 bits, one or two an element: moved as such, both types are one.
    private static int WordsOfElement => sizeof(T) / sizeof(float);

    // Inlined, and without calls where most run: around a call all vectors of a loop go through memory. Rows of a few elements, besides, are mostly ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> LoadEnd(T* from, int count)
    {
        if (!IsAvx)
            return CopyEnd(from, count);

        var isRead = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count * WordsOfElement));
        return Avx.MaskLoad((float*)from, isRead.AsSingle()).AsVector().As<float, T>();
    }

    // In halves, as masked stores are slow on some processors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEnd(T* to, int count, Vector<T> value)
    {
        if (!IsAvx)
        {
            CopyEnd(to, count, value);
            return;
        }

        var place = (float*)to;
        var words = count * WordsOfElement;
        var whole = value.As<T, float>().AsVector256();
        var left = whole.GetLower();
        if ((words & 4) != 0)
        {
            Sse.Store(place, left);
            left = whole.GetUpper();
            place += 4;
        }

        if ((words & 2) != 0)
        {
            Sse.StoreLow(place, left);
            left = Sse.MoveHighToLow(left, left);
            place += 2;
        }

        if ((words & 1) != 0)
            Sse.StoreScalar(place, left);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> CopyEnd(T* from, int count)
    {
        var value = Vector<T>.Zero;
        Unsafe.CopyBlockUnaligned(&value, from, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyEnd(T* to, int count, Vector<T> value) => Unsafe.CopyBlockUnaligned(to, &value, (uint)(count * sizeof(T)));
}

/// <summary>A sum along a row, taken a vector at a time; floats are summed as doubles, so that long rows lose nothing.</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct LaneSum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Vector<double> _low;
    private Vector<double> _high;

    /// <summary>The sum so far.</summary>
    public readonly T Total
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.CreateTruncating(Vector.Sum(_low + _high));
    }

    /// <summary>Adds the lanes, at most the first <paramref name="remaining"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long remaining, Vector<T> lanes)
    {
        var value = remaining >= Vector<T>.Count ? lanes : First(lanes, (int)remaining);
        if (typeof(T) == typeof(double))
        {
            _low += value.As<T, double>();
        }
        else
        {
            Vector.Widen(value.As<T, float>(), out var low, out var high);
            _low += low;
            _high += high;
        }
    }

    private static Vector<T> First(Vector<T> lanes, int count) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector<T>.Indices, new Vector<T>(T.CreateTruncating(count))), lanes, Vector<T>.Zero);
}

/// <summary>Where tensors lie in host memory.</summary>
public static class HostMemory
{
    /// <summary>The address of a contiguous tensor's first element, valid as long as the tensor's memory lives.</summary>
    public static unsafe nint Address(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
    }
}
