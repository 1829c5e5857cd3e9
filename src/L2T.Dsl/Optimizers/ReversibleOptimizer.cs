using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// A student's optimizer and its adjoint: <see cref="Step"/> takes the weights from w_t to w_{t+1}, <see cref="AdjointStep"/> takes
/// dM/dw_{t+1} to dM/dw_t and adds the step's share of dM/dphi_t. M is what is measured at the end of training, g the gradient of the
/// step's loss with respect to w, H = dg/dw, and eta the learning rate. An optimizer decides into which block and with which factor the
/// kernels add, so that no step needs a buffer for its gradient that the method does not have.
/// </summary>
public abstract class ReversibleOptimizer : IDisposable
{
    private TensorBlock? _weightAdjoint;

    /// <param name="weights">The student's weights w, which stay the caller's.</param>
    /// <param name="gradientScale">A factor on every gradient.</param>
    protected ReversibleOptimizer(TensorBlock weights, double gradientScale)
    {
        Weights = weights;
        GradientScale = gradientScale;
    }

    /// <summary>The student's weights w.</summary>
    public TensorBlock Weights { get; }

    /// <summary>
    /// What step t + 1 depends on besides its batch and its loss: the weights first, then the optimizer's own memory. Who restores all of it
    /// can take the steps from there again, bit for bit.
    /// </summary>
    public abstract IReadOnlyList<TensorBlock> State { get; }

    /// <summary>
    /// The part of <see cref="State"/> that <see cref="AdjointStep"/> reads, the weights first: all that must be remembered of a step that
    /// is not to be taken again.
    /// </summary>
    public abstract IReadOnlyList<TensorBlock> AdjointState { get; }

    /// <summary>dM/dw, on the way back through training. Made when first asked for.</summary>
    public TensorBlock WeightAdjoint => _weightAdjoint ??= TensorBlock.LikeZeros(Weights);

    /// <summary>The block that the gradient kernel must add into.</summary>
    public abstract TensorBlock GradientTarget { get; }

    /// <summary>
    /// The tangent that the hyper kernel must be bound to; it adds H tangent into <see cref="WeightAdjoint"/>.
    /// </summary>
    public abstract TensorBlock Tangent { get; }

    /// <summary>A factor on every gradient.</summary>
    protected double GradientScale { get; }

    /// <summary>The optimizer of this kind.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="momentum">The momentum mu, for those that have one.</param>
    /// <param name="gradientScale">A factor on every gradient.</param>
    /// <exception cref="L2TException">There is no such kind.</exception>
    public static ReversibleOptimizer Create(StudentOptimizer kind, TensorBlock weights, double momentum, double gradientScale = 1) => kind switch
    {
        StudentOptimizer.Sgd => new Sgd(weights, gradientScale),
        StudentOptimizer.Momentum => new Momentum(weights, momentum, gradientScale),
        _ => throw new L2TException($"{kind} is not a StudentOptimizer. Use one of {string.Join(", ", Enum.GetNames<StudentOptimizer>())}."),
    };

    /// <summary>Forgets the past, before the first step of a training.</summary>
    public abstract void Reset();

    /// <summary>One training step on the batch (x, y).</summary>
    /// <param name="gradient">Bound to <see cref="Weights"/> and <see cref="GradientTarget"/>.</param>
    /// <param name="x">The inputs of the step's batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="learningRate">eta of this step.</param>
    public abstract void Step(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate);

    /// <summary>Prepares for the way back: <see cref="WeightAdjoint"/> is to be filled with dM/dw_T, everything else starts at 0.</summary>
    public abstract void ResetAdjoint();

    /// <summary>
    /// The adjoint of the step on (x, y) from what is in <see cref="AdjointState"/> now, which stays as it is.
    /// </summary>
    /// <param name="gradient">The kernel of <see cref="Step"/>, for an optimizer that needs the gradient once more.</param>
    /// <param name="hyper">Bound to <see cref="Tangent"/> and <see cref="WeightAdjoint"/>; holds what the step kept.</param>
    /// <param name="x">The inputs of the step's batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="learningRate">eta of this step.</param>
    public abstract void AdjointStep(GradientKernel gradient, HyperKernel hyper, Tensor x, Tensor y, int step, double learningRate);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the optimizer owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _weightAdjoint?.Dispose();
    }
}
