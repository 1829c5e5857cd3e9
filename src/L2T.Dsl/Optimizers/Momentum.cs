using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum; <c>torch.optim.SGD</c>. kappa = 1 - dampening, but 1 at the first step; lambda is the weight
/// decay where it is coupled; without decoupled decay:
/// <code>
/// step     v' = mu v + kappa (g + lambda w)
///          w' = w - eta v'
/// adjoint  b  = av' - eta aw'          (a_ = dM/d_)
///          aw = aw' + kappa (lambda b + H b)
///          dM/dphi += kappa (dg/dphi)' b
///          av = mu b
///          dM/dmu += b.v,  dM/deta = -aw'.v'
/// </code>
/// Without clipping the gradient kernel adds to v itself.
/// </summary>
public sealed class Momentum : ReversibleOptimizer
{
    private readonly double _momentum;
    private readonly double _dampening;
    private readonly TensorBlock _velocity;
    private TensorBlock? _velocityAdjoint;

    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="options">Its options.</param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <param name="differentiatesSettings">Whether derivatives with respect to the settings are wanted.</param>
    /// <exception cref="L2TException">An option is out of range.</exception>
    public Momentum(TensorBlock weights, SgdOptions options, double gradientScale = 1, bool differentiatesSettings = false)
        : base(weights, options, gradientScale, differentiatesSettings, buffersGradient: false, adjointReadsGradient: false)
    {
        _momentum = options.Momentum;
        _dampening = options.Dampening;
        _velocity = TensorBlock.LikeZeros(weights);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Memory => [_velocity];

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> AdjointMemory => Settings is null ? [] : Memory;

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Scratch => [AccumulatorAdjoint];

    /// <inheritdoc/>
    protected override TensorBlock Accumulator => _velocity;

    /// <inheritdoc/>
    protected override TensorBlock AccumulatorAdjoint => _velocityAdjoint ??= TensorBlock.LikeZeros(Weights);

    /// <inheritdoc/>
    protected override void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        var kappa = Kappa(step);
        _velocity.Scale(_momentum);
        Decay.Step(Weights, _velocity, kappa);
        AddGradient(gradient, x, y, kappa);
        Decay.Shrink(Weights, learningRate);
        Weights.Add(_velocity, -learningRate);
    }

    /// <inheritdoc/>
    protected override void ResetMemoryAdjoint() => AccumulatorAdjoint.Zero();

    /// <inheritdoc/>
    protected override void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        var kappa = Kappa(step);
        var adjoint = AccumulatorAdjoint;
        adjoint.Add(WeightAdjoint, -learningRate);
        if (Settings is not null)
        {
            Settings.Momentum += adjoint.Dot(_velocity);
            Settings.LearningRate -= _momentum * WeightAdjoint.Dot(_velocity) + kappa * WeightAdjoint.Dot(Gradient);
            if (Decay.Coupled > 0)
                Settings.LearningRate -= kappa * Decay.Coupled * WeightAdjoint.Dot(Weights);
        }
        Decay.AdjointShrink(Weights, WeightAdjoint, learningRate, Settings);
        Decay.AdjointStep(Weights, WeightAdjoint, adjoint, Settings, kappa);
        if (BuffersGradient)
            Tangent.CopyFrom(adjoint);
        AddHessian(hyper, x, y, kept, kappa);
        adjoint.Scale(_momentum);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _velocity.Dispose();
            _velocityAdjoint?.Dispose();
        }
        base.Dispose(disposing);
    }

    private double Kappa(int step) => step == 0 ? 1 : 1 - _dampening;
}
