using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>Reads and writes small tensors without making tensors: directly in place on the CPU, through a copy elsewhere.</summary>
internal static class HostAccess
{
    /// <summary>The value of a tensor with one element, float32 or float64.</summary>
    public static double Scalar(Tensor tensor)
    {
        Span<double> value = stackalloc double[1];
        Read(tensor, value);
        return value[0];
    }

    /// <summary>Copies all elements of a contiguous float32 or float64 tensor to <paramref name="target"/>.</summary>
    public static void Read(Tensor tensor, Span<double> target)
    {
        if (!IsHost(tensor))
        {
            using var copy = tensor.cpu();
            Read(copy, target);
            return;
        }
        if (tensor.dtype == ScalarType.Float64)
        {
            View<double>(tensor).CopyTo(target);
            return;
        }
        var source = View<float>(tensor);
        for (var i = 0; i < source.Length; i++)
            target[i] = source[i];
    }

    /// <summary>Fills a contiguous float32 or float64 tensor from <paramref name="source"/>.</summary>
    public static void Write(ReadOnlySpan<double> source, Tensor tensor)
    {
        if (!IsHost(tensor))
        {
            using var host = empty_like(tensor, device: CPU);
            Write(source, host);
            tensor.copy_(host);
            return;
        }
        if (tensor.dtype == ScalarType.Float64)
        {
            source.CopyTo(View<double>(tensor));
            return;
        }
        var target = View<float>(tensor);
        for (var i = 0; i < target.Length; i++)
            target[i] = (float)source[i];
    }

    /// <summary>The elements of a contiguous tensor in main memory, in place.</summary>
    /// <exception cref="L2TException">There are more than a span can hold.</exception>
    public static Span<T> View<T>(Tensor tensor) where T : unmanaged
    {
        if (tensor.numel() > int.MaxValue / tensor.element_size())
        {
            throw new L2TException($"A tensor of {tensor.numel()} elements is too large to be read in one piece (2 GiB). "
                + "Use smaller batches (EvaluationBatchSize) or a smaller student.");
        }

        return MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }

    /// <summary>Whether the tensor is in main memory.</summary>
    public static bool IsHost(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CPU;
}
