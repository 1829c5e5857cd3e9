using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Random numbers that are functions of a key, a site and a position, by the mixing function of SplitMix64 (Steele, Lea and Flood 2014):
/// a mask need not be kept, whoever has the key draws it again. Not for cryptography.
/// </summary>
public static class Noise
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Fills a tensor with a mask of dropout: 0 with probability <paramref name="p"/>, else 1 / (1 - p).</summary>
    /// <param name="mask">Where to, contiguous float32 or float64.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="site">Where in the program the mask is drawn.</param>
    /// <param name="p">The probability, in [0, 1).</param>
    /// <exception cref="L2TException"><paramref name="p"/> is out of range.</exception>
    public static void DropoutMask(Tensor mask, ulong key, int site, Scalar p)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(p);
        Fill(mask, key, site, p.ToDouble());
    }

    /// <summary>A new tensor with such a mask.</summary>
    public static Tensor DropoutMask(long[] shape, ulong key, int site, Scalar p, ScalarType dtype, Device device)
    {
        var mask = empty(shape, dtype, device);
        DropoutMask(mask, key, site, p);
        return mask;
    }

    /// <summary>Draws from the distribution of each row of weights: the first class whose cumulative weight is above u times the whole, u uniform in [0, 1).</summary>
    /// <param name="weights">Weights [R, K], float32 or float64, not negative.</param>
    /// <param name="count">S, how often each row draws.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="site">Where in the program it is drawn.</param>
    /// <returns>The classes [R, S], int64; the caller's. Of a row without a positive weight, 0.</returns>
    public static Tensor Multinomial(Tensor weights, int count, ulong key, int site)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!HostAccess.IsHost(weights) || !weights.is_contiguous())
        {
            using var host = weights.cpu();
            using var rows = host.contiguous();
            using var drawn = Multinomial(rows, count, key, site);
            return drawn.to(weights.device, copy: true);
        }

        var classes = zeros([weights.shape[0], count], ScalarType.Int64);
        if (weights.dtype == ScalarType.Float64)
            Draw<double>(weights, classes, key, site);
        else
            Draw<float>(weights, classes, key, site);
        return classes;
    }

    private static void Draw<T>(Tensor weights, Tensor classes, ulong key, int site)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var all = HostAccess.View<T>(weights);
        var drawn = HostAccess.View<long>(classes);
        var (width, count) = ((int)weights.shape[1], (int)classes.shape[1]);
        var cumulative = new double[width];
        var state = Mix(key + ((ulong)site * Golden));
        for (var row = 0; row * count < drawn.Length; row++)
        {
            var sum = 0.0;
            for (var k = 0; k < width; k++)
                cumulative[k] = sum += double.CreateChecked(all[(row * width) + k]);
            for (var sample = 0; sample < count; sample++)
            {
                state += Golden;
                // Rounded up to the whole, u would be above all of them.
                var below = Math.Min((Mix(state) >> 11) * (1.0 / (1UL << 53)) * sum, Math.BitDecrement(sum));
                drawn[(row * count) + sample] = FirstAbove(cumulative, below);
            }
        }
    }

    private static int FirstAbove(double[] cumulative, double below)
    {
        var (low, high) = (0, cumulative.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cumulative[middle] > below)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static void Fill(Tensor mask, ulong key, int site, double p)
    {
        if (p is not (>= 0 and < 1))
            throw new L2TException($"The probability of dropout is {p}. It must be at least 0 and less than 1.");
        if (!HostAccess.IsHost(mask))
        {
            using var host = empty(mask.shape, mask.dtype, CPU);
            Fill(host, key, site, p);
            mask.copy_(host);
        }
        else if (mask.dtype == ScalarType.Float64)
        {
            Fill<double>(mask, key, site, p);
        }
        else
        {
            Fill<float>(mask, key, site, p);
        }
    }

    private static void Fill<T>(Tensor mask, ulong key, int site, double p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = HostAccess.View<T>(mask);
        if (p == 0)
        {
            elements.Fill(T.One);
            return;
        }

        var start = Mix(key + ((ulong)site * Golden));
        var kept = T.CreateChecked(1 / (1 - p));
        // u = bits 2^-53 is below p if bits is below p 2^53, rounded up.
        var limit = (ulong)Math.Ceiling(p * (1UL << 53));
        var state = start;
        for (var i = 0; i < elements.Length; i++)
        {
            state += Golden;
            elements[i] = Mix(state) >> 11 < limit ? T.Zero : kept;
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
