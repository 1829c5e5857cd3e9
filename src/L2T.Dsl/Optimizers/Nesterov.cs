using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Stochastic gradient descent with Nesterov's momentum, in the form of Sutskever et al. (2013); <c>torch.optim.SGD</c> with
/// <c>nesterov=True</c>. lambda is the weight decay where it is coupled; without decoupled decay:
/// <code>
/// step     d  = g + lambda w
///          v' = mu v + d
///          w' = w - eta (d + mu v')
/// adjoint  b  = av' - eta mu aw'       (a_ = dM/d_)
///          ag = b - eta aw'
///          aw = aw' + lambda ag + H ag
///          dM/dphi += (dg/dphi)' ag
///          av = mu b
///          dM/dmu += b.v - eta aw'.v',  dM/deta = -aw'.(d + mu v')
/// </code>
/// </summary>
public sealed class Nesterov : ReversibleOptimizer
{
    private readonly double _momentum;
    private readonly TensorBlock _velocity;
    private TensorBlock? _velocityAdjoint;

    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="options">Its options.</param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <param name="differentiatesSettings">Whether derivatives with respect to the settings are wanted.</param>
    /// <exception cref="L2TException">An option is out of range.</exception>
    public Nesterov(TensorBlock weights, SgdOptions options, double gradientScale = 1, bool differentiatesSettings = false)
        : base(weights, options, gradientScale, differentiatesSettings, buffersGradient: true, adjointReadsGradient: false)
    {
        _momentum = options.Momentum;
        _velocity = TensorBlock.LikeZeros(weights);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Memory => [_velocity];

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> AdjointMemory => Settings is null ? [] : Memory;

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Scratch => [VelocityAdjoint];

    /// <inheritdoc/>
    protected override TensorBlock Accumulator => Gradient;

    /// <inheritdoc/>
    protected override TensorBlock AccumulatorAdjoint => Tangent;

    private TensorBlock VelocityAdjoint => _velocityAdjoint ??= TensorBlock.LikeZeros(Weights);

    /// <inheritdoc/>
    protected override void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        ComputeGradient(gradient, x, y);
        Decay.Step(Weights, Gradient);
        _velocity.Scale(_momentum);
        _velocity.Add(Gradient, 1);
        Decay.Shrink(Weights, learningRate);
        Weights.Add(Gradient, -learningRate);
        Weights.Add(_velocity, -learningRate * _momentum);
    }

    /// <inheritdoc/>
    protected override void ResetMemoryAdjoint() => VelocityAdjoint.Zero();

    /// <inheritdoc/>
    protected override void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        VelocityAdjoint.Add(WeightAdjoint, -learningRate * _momentum);
        if (Settings is not null)
        {
            var alongVelocity = WeightAdjoint.Dot(_velocity);
            var alongGradient = WeightAdjoint.Dot(Gradient) + (Decay.Coupled > 0 ? Decay.Coupled * WeightAdjoint.Dot(Weights) : 0);
            var alongNewVelocity = _momentum * alongVelocity + alongGradient;
            Settings.Momentum += VelocityAdjoint.Dot(_velocity) - learningRate * alongNewVelocity;
            Settings.LearningRate -= alongGradient + _momentum * alongNewVelocity;
        }
        Tangent.CopyFrom(VelocityAdjoint);
        Tangent.Add(WeightAdjoint, -learningRate);
        Decay.AdjointShrink(Weights, WeightAdjoint, learningRate, Settings);
        Decay.AdjointStep(Weights, WeightAdjoint, Tangent, Settings);
        AddHessian(hyper, x, y, kept, 1);
        VelocityAdjoint.Scale(_momentum);
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
}
