using System.Numerics;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Ops that TorchSharp can only write into new tensors, written into buffers that are there already. For small tensors in
/// host memory, where a call costs more than its work, they are loops, as is the softmax of rows of any number; for all others libtorch's result
/// is copied.
/// </summary>
public static class Small
{
    // About where libtorch's own loops, which may use several threads, overtake these.
    private const long Limit = 1 << 16;

    /// <summary>Adds a part to the stretch of a dimension of r that begins at start.</summary>
    /// <returns>r.</returns>
    public static Tensor AddAt(Tensor r, Tensor part, long axis, long start)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(part);
        using var place = r.narrow(axis, start, part.size((int)axis));
        place.add_(part, Products.One);
        return r;
    }

    /// <summary>r = the sum of x over axes, which stay with size 1.</summary>
    public static void Sum(Tensor r, Tensor x, params ReadOnlySpan<long> axes)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(x);
        var shape = x.shape;
        if (!IsSmall(x) || !IsSmall(r) || Split(shape, axes) is not { } split)
        {
            using var sum = x.sum(axes, keepdim: true);
            r.copy_(sum);
            return;
        }

        if (x.dtype == ScalarType.Float64)
        {
            Sum<double>(new(HostMemory.Address(r)), new(HostMemory.Address(x)), split);
        }
        else
        {
            Sum<float>(new(HostMemory.Address(r)), new(HostMemory.Address(x)), split);
        }
    }

    /// <summary>r = tensors one after another along an axis.</summary>
    public static void Cat(Tensor r, long axis, params ReadOnlySpan<Tensor> parts)
    {
        ArgumentNullException.ThrowIfNull(r);
        var start = 0L;
        foreach (var part in parts)
        {
            var length = part.size((int)axis);
            using var place = r.narrow(axis, start, length);
            place.copy_(part);
            start += length;
        }
    }

    /// <summary>r = x - log sum e^x along an axis.</summary>
    public static void LogSoftmax(Tensor r, Tensor x, long axis)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(x);
        var shape = x.shape;
        if (!IsHost(x) || !IsHost(r) || axis != shape.Length - 1)
        {
            using var result = x.log_softmax(axis);
            r.copy_(result);
            return;
        }

        var rows = Count(shape.AsSpan(0, shape.Length - 1));
        if (x.dtype == ScalarType.Float64)
        {
            LogSoftmax<double>(new(HostMemory.Address(r)), new(HostMemory.Address(x)), rows, shape[^1]);
        }
        else
        {
            LogSoftmax<float>(new(HostMemory.Address(r)), new(HostMemory.Address(x)), rows, shape[^1]);
        }
    }

    /// <summary>r = the elements of x in r's shape; r is contiguous.</summary>
    public static void Reshape(Tensor r, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(x);
        using var alike = r.view(x.shape);
        alike.copy_(x);
    }

    private static bool IsSmall(Tensor x) => x.numel() <= Limit && IsHost(x);

    private static bool IsHost(Tensor x) =>
        x.device_type == TorchSharp.DeviceType.CPU && x.is_contiguous() && x.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>Before, summed, after: the sizes of x [before, summed, after] if the axes are neighbours.</summary>
    private static (long Before, long Summed, long After)? Split(ReadOnlySpan<long> shape, ReadOnlySpan<long> axes)
    {
        for (var i = 1; i < axes.Length; i++)
        {
            if (axes[i] != axes[i - 1] + 1)
            {
                return null;
            }
        }

        var (first, last) = ((int)axes[0], (int)axes[^1]);
        return (Count(shape[..first]), Count(shape[first..(last + 1)]), Count(shape[(last + 1)..]));
    }

    private static long Count(ReadOnlySpan<long> sizes)
    {
        var count = 1L;
        foreach (var size in sizes)
        {
            count *= size;
        }

        return count;
    }

    private static void Sum<T>(Strip<T> r, Strip<T> x, (long Before, long Summed, long After) split)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (before, summed, after) = split;
        for (var b = 0L; b < before; b++, r = r.Skip(after), x = x.Skip(summed * after))
        {
            if (after == 1)
            {
                var sum = Vector<T>.Zero;
                for (var i = 0L; i < summed; i += Vector<T>.Count)
                {
                    sum += x.Load(i, summed - i);
                }

                r.Store(0, 1, new Vector<T>(Vector.Sum(sum)));
                continue;
            }

            for (var j = 0L; j < after; j += Vector<T>.Count)
            {
                var sum = Vector<T>.Zero;
                for (var i = 0L; i < summed; i++)
                {
                    sum += x.Load((i * after) + j, after - j);
                }

                r.Store(j, after - j, sum);
            }
        }
    }

    private static void LogSoftmax<T>(Strip<T> r, Strip<T> x, long rows, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LoopThreads.ByRows(rows, columns, (r, x, columns), static (part, a) =>
        {
            for (var row = part.FromRow; row < part.ToRow; row++)
            {
                LogSoftmax(a.r.Skip(row * a.columns), a.x.Skip(row * a.columns), a.columns);
            }
        });

    private static void LogSoftmax<T>(Strip<T> r, Strip<T> x, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = Max(x, columns);
        var shift = new Vector<T>(max);
        var sum = default(LaneSum<T>);
        for (var j = 0L; j < columns; j += Vector<T>.Count)
        {
            sum.Add(columns - j, Lanes.Exp(x.Load(j, columns - j) - shift));
        }

        // Not in one: beside a large number the logarithm would be lost.
        var total = new Vector<T>(T.Log(sum.Total));
        for (var j = 0L; j < columns; j += Vector<T>.Count)
        {
            r.Store(j, columns - j, x.Load(j, columns - j) - shift - total);
        }
    }

    private static T Max<T>(Strip<T> x, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = T.NegativeInfinity;
        if (columns < Vector<T>.Count)
        {
            for (var j = 0L; j < columns; j++)
                max = T.Max(max, x[j]);
            return max;
        }

        // The vector that ends with the row, and those from its beginning. Whether a NaN is the maximum does not matter: its power is NaN, and the sum.
        var lanes = x.Load(columns - Vector<T>.Count, Vector<T>.Count);
        for (var j = 0L; j + Vector<T>.Count <= columns; j += Vector<T>.Count)
            lanes = Vector.MaxNative(lanes, x.Load(j, Vector<T>.Count));

        Span<T> each = stackalloc T[Vector<T>.Count];
        lanes.CopyTo(each);
        foreach (var lane in each)
            max = lane > max ? lane : max;
        return max;
    }
}
