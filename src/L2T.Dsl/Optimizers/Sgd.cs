using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Plain stochastic gradient descent; <c>torch.optim.SGD</c>. Weight decay is the same coupled and decoupled.
/// <code>
/// step     w' = (1 - eta lambda) w - eta g
/// adjoint  aw = (1 - eta lambda) aw' - eta H aw'        (a_ = dM/d_)
///          dM/dphi += -eta (dg/dphi)' aw'
/// </code>
/// Without decay or clipping it needs no memory of its own: the gradient kernel adds -eta g to w itself, the hyper kernel -eta H aw to aw
/// itself.
/// </summary>
/// <param name="weights">The student's weights, which stay the caller's.</param>
/// <param name="options">Its options; those of momentum are not read.</param>
/// <param name="gradientScale">A factor on every gradient of the loss.</param>
/// <exception cref="L2TException">An option is out of range.</exception>
public sealed class Sgd(TensorBlock weights, SgdOptions options, double gradientScale = 1)
    : ReversibleOptimizer(weights, options, gradientScale, differentiatesSettings: false, buffersGradient: options.WeightDecay > 0, adjointReadsGradient: false)
{
    private readonly WeightDecay _decay = new(options.WeightDecay, decoupled: true);

    /// <inheritdoc/>
    protected override TensorBlock Accumulator => Weights;

    /// <inheritdoc/>
    protected override TensorBlock AccumulatorAdjoint => WeightAdjoint;

    /// <inheritdoc/>
    protected override void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        if (!BuffersGradient)
        {
            AddGradient(gradient, x, y, -learningRate);
            return;
        }
        ComputeGradient(gradient, x, y);
        _decay.Shrink(Weights, learningRate);
        Weights.Add(Gradient, -learningRate);
    }

    /// <inheritdoc/>
    protected override void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        if (BuffersGradient)
        {
            Tangent.CopyFrom(WeightAdjoint);
            _decay.AdjointShrink(Weights, WeightAdjoint, learningRate, null);
        }
        AddHessian(hyper, x, y, kept, -learningRate);
    }
}
