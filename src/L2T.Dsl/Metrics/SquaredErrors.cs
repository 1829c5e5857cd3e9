using System.Numerics;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Metrics;

/// <summary>Sums the squared errors of real-valued outputs, over any number of batches.</summary>
internal sealed class SquaredErrors : IErrorCount
{
    private double _sum;

    /// <summary>Number of outputs.</summary>
    public long Total { get; private set; }

    /// <summary>The mean of the squared errors; 0 where there are no outputs at all.</summary>
    public double Mean => Total == 0 ? 0 : _sum / Total;

    double IErrorCount.Error => Mean;

    double? IErrorCount.Accuracy => null;

    /// <summary>Forgets everything.</summary>
    public void Clear() => (_sum, Total) = (0, 0);

    /// <summary>Adds a batch, in float64.</summary>
    /// <param name="outputs">The outputs, contiguous, float32 or float64.</param>
    /// <param name="targets">What they should be: of the same shape and type, contiguous.</param>
    /// <exception cref="L2TException">The shapes or types do not fit.</exception>
    public void Add(Tensor outputs, Tensor targets)
    {
        if (!outputs.shape.AsSpan().SequenceEqual(targets.shape) || outputs.dtype != targets.dtype)
        {
            throw new L2TException($"The student's output is {outputs.dtype}[{string.Join(", ", outputs.shape)}], its targets are "
                + $"{targets.dtype}[{string.Join(", ", targets.shape)}]. The two must be of one type and shape.");
        }
        if (!HostAccess.IsHost(outputs) || !HostAccess.IsHost(targets) || !outputs.is_contiguous() || !targets.is_contiguous())
        {
            using var hostOutputs = outputs.cpu().contiguous();
            using var hostTargets = targets.cpu().contiguous();
            Add(hostOutputs, hostTargets);
            return;
        }
        if (outputs.dtype == ScalarType.Float64)
            Sum(HostAccess.View<double>(outputs), HostAccess.View<double>(targets));
        else
            Sum(HostAccess.View<float>(outputs), HostAccess.View<float>(targets));
    }

    void IErrorCount.PrecisionPerClass(Span<float> target)
    {
    }

    private void Sum<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets) where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            var error = double.CreateChecked(outputs[i]) - double.CreateChecked(targets[i]);
            _sum += error * error;
        }
        Total += outputs.Length;
    }
}
