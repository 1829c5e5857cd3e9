using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Plain stochastic gradient descent.
/// <code>
/// step     w' = w - eta g
/// adjoint  aw = aw' - eta H aw'        (a_ = dM/d_)
///          dM/dphi += -eta (dg/dphi)' aw'
/// </code>
/// Needs no memory of its own: the gradient kernel adds -eta g to w itself, the hyper kernel -eta H aw to aw itself.
/// </summary>
/// <param name="weights">The student's weights, which stay the caller's.</param>
/// <param name="gradientScale">A factor on every gradient.</param>
public sealed class Sgd(TensorBlock weights, double gradientScale = 1) : ReversibleOptimizer(weights, gradientScale)
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorBlock> State { get; } = [weights];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorBlock> AdjointState => State;

    /// <inheritdoc/>
    public override TensorBlock GradientTarget => Weights;

    /// <inheritdoc/>
    public override TensorBlock Tangent => WeightAdjoint;

    /// <inheritdoc/>
    public override void Reset()
    {
    }

    /// <inheritdoc/>
    public override void Step(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate) =>
        gradient.Run(x, y, -learningRate * GradientScale);

    /// <inheritdoc/>
    public override void ResetAdjoint()
    {
    }

    /// <inheritdoc/>
    public override void AdjointStep(GradientKernel gradient, HyperKernel hyper, Tensor x, Tensor y, int step, double learningRate) =>
        hyper.Run(x, y, -learningRate * GradientScale);
}
