using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// The gradient of a step in a block of its own, shortened where it is longer than allowed; <c>torch.nn.utils.clip_grad_norm_</c>.
/// <code>
/// step     n = |g|,  c = min(1, limit / (n + 1e-6)),  g' = c g
/// adjoint  ag = ag'                                        where c = 1      (a_ = dM/d_)
///          ag = c ag' - limit / ((n + 1e-6)^2 n) (g.ag') g   elsewhere
/// </code>
/// The adjoint needs g, so the gradient is computed again on the way back.
/// </summary>
internal sealed class ClippedGradient : IDisposable
{
    // PyTorch's.
    private const double Epsilon = 1e-6;

    private readonly double _limit;
    private readonly double _scale;
    private double _norm;
    private double _factor = 1;
    private TensorBlock? _adjoint;

    /// <param name="weights">What the gradient is taken with respect to.</param>
    /// <param name="limit">The longest it may be.</param>
    /// <param name="scale">A factor on it, before it is shortened.</param>
    public ClippedGradient(TensorBlock weights, double limit, double scale)
    {
        _limit = limit;
        _scale = scale;
        Value = TensorBlock.LikeZeros(weights);
    }

    /// <summary>Where the gradient kernel adds: g, and once computed g'.</summary>
    public TensorBlock Value { get; }

    /// <summary>ag' before <see cref="AdjointStep"/>, ag after it.</summary>
    public TensorBlock Adjoint => _adjoint ??= TensorBlock.LikeZeros(Value);

    /// <summary>Computes g' of the weights as they are.</summary>
    public void Step(GradientKernel gradient, Tensor x, Tensor y)
    {
        Value.Zero();
        gradient.Run(x, y, _scale);
        if (double.IsPositiveInfinity(_limit))
            return;
        _norm = Math.Sqrt(Value.Dot(Value));
        _factor = Math.Min(1, _limit / (_norm + Epsilon));
        if (_factor < 1)
            Value.Scale(_factor);
    }

    /// <summary>Adds <paramref name="factor"/> H ag to the block that the kernel is bound to, where the gradient of the same step was computed last.</summary>
    public void AdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, double factor)
    {
        var isShortened = _factor < 1;
        var along = isShortened ? Value.Dot(Adjoint) : 0;

        // The seed is the step's own, so the factor goes on ag, in which H ag is linear.
        if (factor * _factor is var scale && scale != 1)
            Adjoint.Scale(scale);

        // In terms of g' = c g, which is what there is, the second term is (g'.ag') g' / (limit n).
        if (isShortened && _norm > 0)
            Adjoint.Add(Value, -factor * along / (_limit * _norm));
        hyper.Run(x, y, kept, _scale);
    }

    public void Dispose()
    {
        Value.Dispose();
        _adjoint?.Dispose();
    }
}
