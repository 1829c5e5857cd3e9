using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// A student's optimizer and its adjoint: <see cref="Step"/> takes the weights from w_t to w_{t+1}, <see cref="AdjointStep"/> takes
/// dM/dw_{t+1} to dM/dw_t and adds the step's share of dM/dphi_t. M is what is measured at the end of training, g the gradient of the
/// step's loss with respect to w, H = dg/dw, and eta the learning rate. An optimizer decides into which block and with which factor the
/// kernels add, so that no step needs a buffer for its gradient that the method does not have.
/// </summary>
/// <remarks>
/// Shared by all optimizers, each with its adjoint: the gradient is scaled and clipped (<see cref="OptimizerOptions.ClipNorm"/>), the weights
/// decay (<see cref="Decay"/>), and an average of them is kept (<see cref="OptimizerOptions.AverageDecay"/>).
/// </remarks>
public abstract class ReversibleOptimizer : IDisposable
{
    private readonly ClippedGradient? _gradient;
    private readonly WeightAverage? _average;
    private readonly bool _adjointReadsGradient;
    private readonly double _gradientScale;
    private TensorBlock? _weightAdjoint;
    private Tensor? _buffersBefore;

    /// <param name="weights">The student's weights w, which stay the caller's.</param>
    /// <param name="options">What all optimizers have.</param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <param name="differentiatesSettings">Whether <see cref="Settings"/> are wanted.</param>
    /// <param name="buffersGradient">Whether the method needs the gradient in a block of its own, clipped or not.</param>
    /// <param name="adjointReadsGradient">Whether the adjoint step needs it there again.</param>
    protected ReversibleOptimizer(
        TensorBlock weights,
        OptimizerOptions options,
        double gradientScale,
        bool differentiatesSettings,
        bool buffersGradient,
        bool adjointReadsGradient)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Weights = weights;
        _gradientScale = gradientScale;
        var clips = !double.IsPositiveInfinity(options.ClipNorm);
        _adjointReadsGradient = adjointReadsGradient || clips || differentiatesSettings;
        if (_adjointReadsGradient || buffersGradient)
            _gradient = new ClippedGradient(weights, options.ClipNorm, gradientScale);
        Decay = new WeightDecay(options.WeightDecay, options.DecoupledWeightDecay);
        if (options.AverageDecay is { } decay)
            _average = new WeightAverage(weights, decay);
        if (differentiatesSettings)
            Settings = new SettingAdjoints();
    }

    /// <summary>The student's weights w.</summary>
    public TensorBlock Weights { get; }

    /// <summary>
    /// What step t + 1 depends on besides its batch and its loss: the weights first, then the optimizer's own memory, and the average of the
    /// weights where one is kept. Who restores all of it can take the steps from there again, bit for bit.
    /// </summary>
    public IReadOnlyList<TensorBlock> State => field ??= _average is null ? [Weights, .. Memory] : [Weights, .. Memory, _average.Value];

    /// <summary>
    /// The part of <see cref="State"/> that <see cref="AdjointStep"/> reads, the weights first: all that must be remembered of a step that
    /// is not to be taken again.
    /// </summary>
    public IReadOnlyList<TensorBlock> AdjointState => field ??= [Weights, .. AdjointMemory];

    /// <summary>dM/dw, on the way back through training. Made when first asked for.</summary>
    public TensorBlock WeightAdjoint => _weightAdjoint ??= TensorBlock.LikeZeros(Weights);

    /// <summary>The block that the gradient kernel must add into.</summary>
    public TensorBlock GradientTarget => _gradient?.Value ?? Accumulator;

    /// <summary>
    /// The tangent that the hyper kernel must be bound to; it adds H tangent into <see cref="WeightAdjoint"/>.
    /// </summary>
    public TensorBlock Tangent => _gradient?.Adjoint ?? AccumulatorAdjoint;

    /// <summary>Derivatives with respect to the settings, where they are wanted; else null.</summary>
    public SettingAdjoints? Settings { get; }

    /// <summary>
    /// The memory that the optimizer holds on the way forward and back, not that of the weights. What only the way back needs is made by this,
    /// if it was not yet.
    /// </summary>
    public virtual long Bytes
    {
        get
        {
            IEnumerable<TensorBlock> blocks = [.. State, GradientTarget, Tangent, WeightAdjoint, .. Scratch, .. _average?.Blocks ?? []];
            var buffers = _adjointReadsGradient ? Weights.BufferCount * Weights.BufferFlat.element_size() : 0;
            return blocks.Distinct().Where(block => block != Weights).Sum(block => block.Bytes) + buffers;
        }
    }

    /// <summary>The optimizer's own memory from step to step; nothing in plain descent.</summary>
    protected virtual IReadOnlyList<TensorBlock> Memory => [];

    /// <summary>All other blocks that the method makes, those for the way back included.</summary>
    protected virtual IReadOnlyList<TensorBlock> Scratch => [];

    /// <summary>What of <see cref="Memory"/> the adjoint step reads.</summary>
    protected virtual IReadOnlyList<TensorBlock> AdjointMemory => [];

    /// <summary>What the gradient is added to in a step that has no block for it.</summary>
    protected abstract TensorBlock Accumulator { get; }

    /// <summary>dM/d of that.</summary>
    protected abstract TensorBlock AccumulatorAdjoint { get; }

    /// <summary>Whether the gradient has a block of its own.</summary>
    protected bool BuffersGradient => _gradient is not null;

    /// <summary>
    /// The gradient of the step, scaled and clipped, where it has a block: after <see cref="ComputeGradient"/>, and in an adjoint step where
    /// that was said to read it.
    /// </summary>
    protected TensorBlock Gradient => (_gradient ?? throw new InvalidOperationException("This optimizer keeps no gradient.")).Value;

    /// <summary>How weights decay.</summary>
    protected WeightDecay Decay { get; }

    /// <summary>Forgets the past, before the first step of a training.</summary>
    public void Reset()
    {
        ResetMemory();
        _average?.Reset();
    }

    /// <summary>One training step on the batch (x, y).</summary>
    /// <param name="gradient">Bound to <see cref="Weights"/> and <see cref="GradientTarget"/>.</param>
    /// <param name="x">The inputs of the step's batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="learningRate">eta of this step.</param>
    public void Step(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        TakeStep(gradient, x, y, step, learningRate);
        _average?.Step(step);
    }

    /// <summary>
    /// Ends a training: what the student is to be evaluated at is in <see cref="Weights"/> now, the average where one is kept.
    /// </summary>
    public void BeginEvaluation() => _average?.BeginEvaluation();

    /// <summary>
    /// Prepares for the way back: <see cref="WeightAdjoint"/> holds the derivative of M with respect to what was evaluated; everything else
    /// starts at 0.
    /// </summary>
    public void ResetAdjoint()
    {
        Settings?.Reset();
        _average?.ResetAdjoint(WeightAdjoint);
        ResetMemoryAdjoint();
    }

    /// <summary>
    /// The adjoint of the step on (x, y) from what is in <see cref="AdjointState"/> now, which stays as it is.
    /// </summary>
    /// <param name="gradient">The kernel of <see cref="Step"/>, for an optimizer that needs the gradient once more.</param>
    /// <param name="hyper">Bound to <see cref="Tangent"/> and <see cref="WeightAdjoint"/>.</param>
    /// <param name="x">The inputs of the step's batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="kept">What the step kept: <see cref="GradientKernel.Kept"/> after it.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="learningRate">eta of this step.</param>
    public void AdjointStep(GradientKernel gradient, HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        if (Settings is not null)
            Settings.LearningRate = 0;
        _average?.AdjointStep(WeightAdjoint, step);
        if (_adjointReadsGradient)
            TakeGradientAgain(gradient, x, y);
        TakeAdjointStep(hyper, x, y, kept, step, learningRate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    // The kernel sets the student's buffers too, which the adjoint reads as they were before the step.
    private void TakeGradientAgain(GradientKernel gradient, Tensor x, Tensor y)
    {
        if (Weights.BufferCount == 0)
        {
            _gradient!.Step(gradient, x, y);
            return;
        }
        _buffersBefore ??= Weights.BufferFlat.clone().DetachFromDisposeScope();
        _buffersBefore.copy_(Weights.BufferFlat);
        _gradient!.Step(gradient, x, y);
        Weights.BufferFlat.copy_(_buffersBefore);
    }

    /// <summary>The step of the weights and of <see cref="Memory"/>.</summary>
    /// <inheritdoc cref="Step"/>
    protected abstract void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate);

    /// <summary>
    /// The adjoint of that: takes <see cref="WeightAdjoint"/> and the adjoints of <see cref="Memory"/> back by one step, and adds to
    /// <see cref="Settings"/> where they are wanted.
    /// </summary>
    /// <inheritdoc cref="AdjointStep"/>
    protected abstract void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate);

    /// <summary>Sets <see cref="Memory"/> to what it is before the first step: 0. The weights are those to start from.</summary>
    protected virtual void ResetMemory()
    {
        foreach (var block in Memory)
            block.Zero();
    }

    /// <summary>Sets the adjoints of <see cref="Memory"/> to 0.</summary>
    protected virtual void ResetMemoryAdjoint()
    {
    }

    /// <summary>Computes <see cref="Gradient"/>.</summary>
    protected void ComputeGradient(GradientKernel gradient, Tensor x, Tensor y) => _gradient!.Step(gradient, x, y);

    /// <summary>Adds <paramref name="factor"/> times the gradient to <see cref="Accumulator"/>, through its block where it has one.</summary>
    protected void AddGradient(GradientKernel gradient, Tensor x, Tensor y, double factor)
    {
        if (_gradient is null)
        {
            gradient.Run(x, y, factor * _gradientScale);
            return;
        }
        _gradient.Step(gradient, x, y);
        Accumulator.Add(Gradient, factor);
    }

    /// <summary>
    /// The adjoint of taking the gradient, times <paramref name="factor"/>: adds H ag to <see cref="WeightAdjoint"/> and M ag to dM/dphi, where
    /// ag, the adjoint of the scaled and clipped gradient, is in <see cref="Tangent"/>. What is in a block of the gradient's is used up.
    /// </summary>
    protected void AddHessian(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, double factor)
    {
        if (_gradient is null)
            hyper.Run(x, y, kept, factor * _gradientScale);
        else
            _gradient.AdjointStep(hyper, x, y, kept, factor);
    }

    /// <summary>Releases what the optimizer owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gradient?.Dispose();
            _average?.Dispose();
            _weightAdjoint?.Dispose();
            _buffersBefore?.Dispose();
        }
    }
}
