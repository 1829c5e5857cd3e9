using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// What generated code calls for an op that the generator has no rule for: y = f(x) and its derivatives to second order
/// by libtorch's autograd. Each result is a new tensor that the caller owns.
/// </summary>
public static class AutogradCall
{
    /// <summary>f(x).</summary>
    /// <exception cref="L2TException">The result has not the shape of x[0].</exception>
    public static Tensor Value(Func<Tensor[], Tensor> f, Tensor[] x)
    {
        using var scope = NewDisposeScope();
        return Checked(f(x), x).MoveToOuterDisposeScope();
    }

    /// <summary>d&lt;f, g&gt;/dx_k.</summary>
    public static Tensor Vjp(Func<Tensor[], Tensor> f, int k, Tensor[] x, Tensor g)
    {
        using var scope = NewDisposeScope();
        var leaves = Leaves(x);
        return Gradient(Dot(f, leaves, g), leaves[k]).MoveToOuterDisposeScope();
    }

    /// <summary>(df/dx_k) t: the vector-Jacobian product is linear in its cotangent, and its derivative there is this.</summary>
    public static Tensor Jvp(Func<Tensor[], Tensor> f, int k, Tensor[] x, Tensor t)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaves = Leaves(x);
        var y = Checked(f(leaves), leaves);
        var u = zeros_like(y).requires_grad_(true);
        var vjp = Autograd.Gradients(y, [leaves[k]], u, createGraph: true)[0];
        return Gradient((vjp * t).sum(dim: []), u).MoveToOuterDisposeScope();
    }

    /// <summary>d/dx_k &lt;d&lt;f, g&gt;/dx_j, t&gt;.</summary>
    public static Tensor Hvp(Func<Tensor[], Tensor> f, int k, int j, Tensor[] x, Tensor g, Tensor t)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaves = Leaves(x);
        var first = Autograd.Gradients(Dot(f, leaves, g), [leaves[j]], createGraph: true)[0];
        return Gradient((first * t).sum(dim: []), leaves[k]).MoveToOuterDisposeScope();
    }

    private static Tensor[] Leaves(Tensor[] x) =>
        [.. x.Select(t => t.is_floating_point() ? t.detach().requires_grad_(true) : t)];

    private static Tensor Dot(Func<Tensor[], Tensor> f, Tensor[] x, Tensor g)
    {
        using var grad = enable_grad();
        return (Checked(f(x), x) * g).sum(dim: []);
    }

    /// <summary>The gradient, zeros where the output does not depend on the input: second derivatives of a linear f.</summary>
    private static Tensor Gradient(Tensor output, Tensor input) =>
        output.requires_grad ? Autograd.Gradients(output, [input])[0] : zeros_like(input);

    private static Tensor Checked(Tensor y, Tensor[] x)
    {
        if (!y.shape.AsSpan().SequenceEqual(x[0].shape))
        {
            throw new L2TException(
                $"A call without derivative rule gave a tensor of shape [{string.Join(", ", y.shape)}], but was taken to keep the shape [{string.Join(", ", x[0].shape)}] of its first tensor. "
                + "Write it with ops that have rules (generators/README.md lists them).");
        }

        return y;
    }
}
