using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015) for students, and with decoupled decay AdamW (Loshchilov and Hutter 2019); <c>torch.optim.Adam</c>,
/// <c>torch.optim.AdamW</c>. c1 = 1 - b1^(t+1), c2 = 1 - b2^(t+1); lambda is the weight decay where it is coupled; without decoupled decay:
/// <code>
/// step     d  = g + lambda w
///          m' = b1 m + (1 - b1) d
///          u' = b2 u + (1 - b2) d^2
///          r  = sqrt(u' / c2)
///          w' = w - eta / c1 m' / (r + eps)
/// adjoint  am += -eta / c1 aw' / (r + eps)                                 (a_ = dM/d_; am, au of m', u' so far)
///          au += eta / c1 aw' m' / ((r + eps)^2 2 r c2)        where r > 0
///          ag = (1 - b1) am + 2 (1 - b2) d au
///          aw = aw' + lambda ag + H ag
///          dM/dphi += (dg/dphi)' ag
///          am = b1 am,  au = b2 au
///          dM/deta = -aw'.m' / (c1 (r + eps)),  dM/db1 += am.(m - d) + (dc1/db1) eta / c1^2 aw'.m' / (r + eps)
/// </code>
/// Where r = 0, no gradient has come so far, and m' = 0: w' is differentiable in d there, by the first moment alone. The adjoint needs d,
/// so the gradient is computed again on the way back.
/// </summary>
public sealed class StudentAdam : ReversibleOptimizer
{
    // Less than the root of any positive number of the type, so that it only takes the place of 0.
    private const double LeastFloat = 1e-30;
    private const double LeastDouble = 1e-200;

    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly TensorBlock _first;
    private readonly TensorBlock _second;
    private readonly TensorBlock _root;
    private AdjointBlocks? _back;

    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="options">Its options.</param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <param name="differentiatesSettings">Whether derivatives with respect to the settings are wanted.</param>
    /// <exception cref="L2TException">An option is out of range.</exception>
    public StudentAdam(TensorBlock weights, AdamOptions options, double gradientScale = 1, bool differentiatesSettings = false)
        : base(weights, options, gradientScale, differentiatesSettings, buffersGradient: true, adjointReadsGradient: true)
    {
        _beta1 = options.Beta1;
        _beta2 = options.Beta2;
        _epsilon = options.Epsilon;
        _first = TensorBlock.LikeZeros(weights);
        _second = TensorBlock.LikeZeros(weights);
        _root = TensorBlock.LikeZeros(weights);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Memory => [_first, _second];

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> AdjointMemory => Memory;

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Scratch => [_root, .. Back.All(Decay.Coupled > 0)];

    /// <inheritdoc/>
    protected override TensorBlock Accumulator => Gradient;

    /// <inheritdoc/>
    protected override TensorBlock AccumulatorAdjoint => Tangent;

    private AdjointBlocks Back => _back ??= new AdjointBlocks(Weights);

    /// <inheritdoc/>
    protected override void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        ComputeGradient(gradient, x, y);
        Decay.Step(Weights, Gradient);
        Decay.Shrink(Weights, learningRate);
        TakeIn(Gradient, _first, _second);
        Root(_second, step);
        AddEpsilon();
        using Scalar rate = -learningRate / Correction(_beta1, step);
        Weights.Flat.addcdiv_(_first.Flat, _root.Flat, rate);
    }

    /// <inheritdoc/>
    protected override void ResetMemoryAdjoint()
    {
        Back.First.Zero();
        Back.Second.Zero();
    }

    /// <inheritdoc/>
    protected override void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        var direction = Direction();
        var correction1 = Correction(_beta1, step);
        var correction2 = Correction(_beta2, step);

        // m' and r; the moments themselves stay as they are.
        var moment = Back.Moment;
        moment.CopyFrom(_first);
        _root.CopyFrom(_second);
        TakeIn(direction, moment, _root);
        Root(_root, step);

        // m' / r, and 0 where r = 0.
        var ratio = Back.Ratio;
        using Scalar least = Weights.Flat.dtype == ScalarType.Float64 ? LeastDouble : LeastFloat;
        ratio.CopyFrom(_root);
        ratio.Flat.sign_().mul_(moment.Flat);
        Tangent.CopyFrom(_root);
        Tangent.Flat.clamp_min_(least);
        ratio.Flat.div_(Tangent.Flat);

        // eta / c1 aw' / (r + eps)
        AddEpsilon();
        Tangent.CopyFrom(WeightAdjoint);
        Tangent.Flat.div_(_root.Flat);
        if (Settings is not null)
        {
            var along = Tangent.Dot(moment);
            Settings.LearningRate -= along / correction1;
            Settings.Momentum -= (step + 1) * Math.Pow(_beta1, step) * learningRate / (correction1 * correction1) * along;
        }
        Tangent.Scale(learningRate / correction1);

        Back.First.Add(Tangent, -1);
        ratio.Flat.div_(_root.Flat);
        using (Scalar half = 1 / (2 * correction2))
            Back.Second.Flat.addcmul_(Tangent.Flat, ratio.Flat, half);
        if (Settings is not null)
            Settings.Momentum += Back.First.Dot(_first) - Back.First.Dot(direction);

        Tangent.CopyFrom(Back.First);
        Tangent.Scale(1 - _beta1);
        using (Scalar twice = 2 * (1 - _beta2))
            Tangent.Flat.addcmul_(direction.Flat, Back.Second.Flat, twice);
        Decay.AdjointShrink(Weights, WeightAdjoint, learningRate, Settings);
        Decay.AdjointStep(Weights, WeightAdjoint, Tangent, Settings);
        AddHessian(hyper, x, y, kept, 1);
        Back.First.Scale(_beta1);
        Back.Second.Scale(_beta2);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _first.Dispose();
            _second.Dispose();
            _root.Dispose();
            _back?.Dispose();
        }
        base.Dispose(disposing);
    }

    private static double Correction(double beta, int step) => 1 - Math.Pow(beta, step + 1);

    // d, apart from g, which the adjoint of clipping needs as it is.
    private TensorBlock Direction()
    {
        if (Decay.Coupled == 0)
            return Gradient;
        Back.Direction.CopyFrom(Gradient);
        Decay.Step(Weights, Back.Direction);
        return Back.Direction;
    }

    // Takes d into the moments.
    private void TakeIn(TensorBlock direction, TensorBlock first, TensorBlock second)
    {
        using Scalar share = 1 - _beta2;
        first.Scale(_beta1);
        first.Add(direction, 1 - _beta1);
        second.Scale(_beta2);
        second.Flat.addcmul_(direction.Flat, direction.Flat, share);
    }

    // r of the second moment u', which may be in the same block.
    private void Root(TensorBlock second, int step)
    {
        using Scalar correction = Math.Sqrt(Correction(_beta2, step));
        if (second != _root)
            _root.CopyFrom(second);
        _root.Flat.sqrt_().div_(correction);
    }

    private void AddEpsilon()
    {
        using Scalar epsilon = _epsilon;
        _root.Flat.add_(epsilon);
    }

    /// <summary>What only the way back needs.</summary>
    private sealed class AdjointBlocks(TensorBlock weights) : IDisposable
    {
        private TensorBlock? _direction;

        public TensorBlock First { get; } = TensorBlock.LikeZeros(weights);

        public TensorBlock Second { get; } = TensorBlock.LikeZeros(weights);

        public TensorBlock Moment { get; } = TensorBlock.LikeZeros(weights);

        public TensorBlock Ratio { get; } = TensorBlock.LikeZeros(weights);

        public TensorBlock Direction => _direction ??= TensorBlock.LikeZeros(weights);

        public IReadOnlyList<TensorBlock> All(bool withDirection) =>
            withDirection ? [First, Second, Moment, Ratio, Direction] : [First, Second, Moment, Ratio];

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
            Moment.Dispose();
            Ratio.Dispose();
            _direction?.Dispose();
        }
    }
}
