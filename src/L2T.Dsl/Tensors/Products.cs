using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>Matrix products into memory that is there already, and what else generated kernels add with.</summary>
public static class Products
{
    /// <summary>
    /// 1, kept alive: TorchSharp's overloads without a factor make a scalar of their own, which the garbage collector may finalize while
    /// libtorch still reads it.
    /// </summary>
    public static Scalar One { get; } = 1;

    /// <summary>Zero, which lives as long as the process.</summary>
    public static Scalar Zero { get; } = 0;

    /// <summary>r = left right, for matrices or for batches of matrices with equal leading sizes.</summary>
    /// <exception cref="L2TException">The batches do not fit together.</exception>
    public static void Write(Tensor r, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(r);
        if (BlockedProduct.TryRun(r, left, right, adds: false))
            return;

        if (r.dim() == 2)
        {
            // With beta 0 libtorch does not read r: NaNs in it do not spread.
            r.addmm_(left, right, beta: 0, alpha: 1);
            return;
        }

        using var product = ProductOfBatches(r, left, right);
        r.copy_(product);
    }

    /// <summary>t += left right, for matrices or for batches of matrices with equal leading sizes.</summary>
    /// <returns>t.</returns>
    /// <exception cref="L2TException">The batches do not fit together.</exception>
    public static Tensor Add(Tensor t, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(t);
        if (BlockedProduct.TryRun(t, left, right, adds: true))
            return t;

        if (t.dim() == 2)
            return t.addmm_(left, right, beta: 1, alpha: 1);

        using var product = ProductOfBatches(t, left, right);
        return t.add_(product, One);
    }

    private static Tensor ProductOfBatches(Tensor result, Tensor left, Tensor right)
    {
        // An exception inside TorchSharp's matmul ends the process.
        long[] r = result.shape, x = left.shape, y = right.shape;
        if (x.Length != r.Length || y.Length != r.Length || !x.AsSpan(..^1).SequenceEqual(r.AsSpan(..^1)) || !y.AsSpan(..^2).SequenceEqual(r.AsSpan(..^2))
            || x[^1] != y[^2] || y[^1] != r[^1])
        {
            throw new L2TException($"Batches of products of shape [{string.Join(", ", x)}] and [{string.Join(", ", y)}] have not the shape [{string.Join(", ", r)}]. "
                + "Give factors [.., n, k] and [.., k, m] and a result [.., n, m] with the same leading sizes.");
        }

        return matmul(left, right);
    }
}
