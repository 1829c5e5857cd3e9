using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// What generated code calls for an op that the generator has no rule for: y = f(x) and its derivatives to second order
/// by libtorch's autograd. Each result is a contiguous tensor that the caller owns.
/// </summary>
public static class AutogradCall
{
    /// <summary>f(x).</summary>
    /// <param name="f">The call.</param>
    /// <param name="x">Its tensors.</param>
    /// <param name="at">The key of the call's place, see <see cref="FallbackPlaceAttribute"/>.</param>
    /// <param name="call">The text that was generated, for messages where the place is not known.</param>
    /// <exception cref="L2TException">The result has not the shape of x[0].</exception>
    public static Tensor Value(Func<Tensor[], Tensor> f, Tensor[] x, string at, [CallerArgumentExpression(nameof(f))] string call = "")
    {
        using var scope = NewDisposeScope();
        return Checked(f, x, at, call).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>d&lt;f, g&gt;/dx_k.</summary>
    public static Tensor Vjp(Func<Tensor[], Tensor> f, int k, Tensor[] x, Tensor g, string at, [CallerArgumentExpression(nameof(f))] string call = "")
    {
        using var scope = NewDisposeScope();
        var leaves = Leaves(x);
        return Gradient(Dot(f, leaves, g, at, call), leaves[k]).MoveToOuterDisposeScope();
    }

    /// <summary>(df/dx_k) t: the vector-Jacobian product is linear in its cotangent, and its derivative there is this.</summary>
    public static Tensor Jvp(Func<Tensor[], Tensor> f, int k, Tensor[] x, Tensor t, string at, [CallerArgumentExpression(nameof(f))] string call = "")
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaves = Leaves(x);
        var y = Checked(f, leaves, at, call);
        var u = zeros_like(y).requires_grad_(true);
        var vjp = Autograd.Gradients(y, [leaves[k]], u, createGraph: true)[0];
        return Gradient((vjp * t).sum(dim: []), u).MoveToOuterDisposeScope();
    }

    /// <summary>d/dx_k &lt;d&lt;f, g&gt;/dx_j, t&gt;.</summary>
    public static Tensor Hvp(Func<Tensor[], Tensor> f, int k, int j, Tensor[] x, Tensor g, Tensor t, string at, [CallerArgumentExpression(nameof(f))] string call = "")
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaves = Leaves(x);
        var first = Autograd.Gradients(Dot(f, leaves, g, at, call), [leaves[j]], createGraph: true)[0];
        return Gradient((first * t).sum(dim: []), leaves[k]).MoveToOuterDisposeScope();
    }

    private static Tensor[] Leaves(Tensor[] x) =>
        [.. x.Select(t => t.is_floating_point() ? t.detach().requires_grad_(true) : t)];

    private static Tensor Dot(Func<Tensor[], Tensor> f, Tensor[] x, Tensor g, string at, string call)
    {
        using var grad = enable_grad();
        return (Checked(f, x, at, call) * g).sum(dim: []);
    }

    /// <summary>The gradient, zeros where the output does not depend on the input: second derivatives of a linear f.</summary>
    private static Tensor Gradient(Tensor output, Tensor input) =>
        output.requires_grad ? Autograd.Gradients(output, [input])[0] : zeros_like(input);

    private static Tensor Checked(Func<Tensor[], Tensor> f, Tensor[] x, string at, string call)
    {
        var y = f(x);
        if (!y.shape.AsSpan().SequenceEqual(x[0].shape))
        {
            throw new L2TException(
                $"{Describe(f, at, call)} has no derivative rule and gave a tensor of shape [{string.Join(", ", y.shape)}] for a first tensor of shape [{string.Join(", ", x[0].shape)}]. "
                + "A call without rule must keep the shape of its first tensor: the code around it was generated for that shape. "
                + "Write it with calls that have rules: generators/docs/vocabulary.md lists them.");
        }

        return y;
    }

    private static string Describe(Func<Tensor[], Tensor> f, string at, string call) =>
        PlaceOf(f, at) is { } place
            ? FormattableString.Invariant($"'{place.Text}' in {place.File}, line {place.Line},")
            : $"'{call[(call.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim()}' in {(at.LastIndexOf(':') is >= 0 and var end ? at[..end] : at)}";

    // The kernel is part of the experiment's assembly; a block that it runs may have been written in another one.
    private static FallbackPlaceAttribute? PlaceOf(Func<Tensor[], Tensor> f, string at) =>
        AppDomain.CurrentDomain.GetAssemblies()
            .OrderByDescending(assembly => assembly == f.Method.Module.Assembly)
            .SelectMany(assembly => assembly.GetCustomAttributes<FallbackPlaceAttribute>())
            .FirstOrDefault(place => place.Key == at);
}
