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

        using var product = matmul(left, right);
        r.copy_(product);
    }

    /// <summary>t += left right, for matrices or for batches of matrices with equal leading sizes.</summary>
    /// <returns>t.</returns>
    public static Tensor Add(Tensor t, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(t);
        if (BlockedProduct.TryRun(t, left, right, adds: true))
            return t;

        if (t.dim() == 2)
            return t.addmm_(left, right, beta: 1, alpha: 1);

        using var product = matmul(left, right);
        return t.add_(product, One);
    }
}
