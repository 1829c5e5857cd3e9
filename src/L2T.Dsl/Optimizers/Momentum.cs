using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, in PyTorch's convention without dampening.
/// <code>
/// step     v' = mu v + g
///          w' = w - eta v'
/// adjoint  b  = av' - eta aw'          (a_ = dM/d_)
///          aw = aw' + H b
///          dM/dphi += (dg/dphi)' b
///          av = mu b
/// </code>
/// </summary>
public sealed class Momentum : ReversibleOptimizer
{
    private readonly TensorBlock _velocity;
    private readonly Scalar _mu;
    private TensorBlock? _velocityAdjoint;

    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="momentum">mu, in [0, 1).</param>
    /// <param name="gradientScale">A factor on every gradient.</param>
    /// <exception cref="L2TException"><paramref name="momentum"/> is out of range.</exception>
    public Momentum(TensorBlock weights, double momentum, double gradientScale = 1) : base(weights, gradientScale)
    {
        if (momentum is not (>= 0 and < 1))
            throw new L2TException($"The momentum is {momentum}. It must be at least 0 and less than 1.");
        _velocity = TensorBlock.LikeZeros(weights);
        _mu = momentum;
        State = [weights, _velocity];
        AdjointState = [weights];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorBlock> State { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorBlock> AdjointState { get; }

    /// <inheritdoc/>
    public override TensorBlock GradientTarget => _velocity;

    /// <inheritdoc/>
    public override TensorBlock Tangent => _velocityAdjoint ??= TensorBlock.LikeZeros(Weights);

    /// <inheritdoc/>
    public override void Reset() => _velocity.Zero();

    /// <inheritdoc/>
    public override void Step(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        _velocity.Flat.mul_(_mu);
        gradient.Run(x, y, GradientScale);
        using Scalar rate = -learningRate;
        Weights.Flat.add_(_velocity.Flat, rate);
    }

    /// <inheritdoc/>
    public override void ResetAdjoint() => Tangent.Zero();

    /// <inheritdoc/>
    public override void AdjointStep(GradientKernel gradient, HyperKernel hyper, Tensor x, Tensor y, int step, double learningRate)
    {
        using Scalar rate = -learningRate;
        Tangent.Flat.add_(WeightAdjoint.Flat, rate);
        hyper.Run(x, y, GradientScale);
        Tangent.Flat.mul_(_mu);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _velocity.Dispose();
            _velocityAdjoint?.Dispose();
            _mu.Dispose();
        }
        base.Dispose(disposing);
    }
}
