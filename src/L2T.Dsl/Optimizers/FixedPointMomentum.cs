using System.Numerics;
using System.Runtime.CompilerServices;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum in exact integer arithmetic, whose steps can be undone bit for bit (Maclaurin, Duvenaud and
/// Adams, 2015, section 2.2), in PyTorch's convention without dampening. W and V are w and v in units of 2^-40, [x] is the integer nearest
/// to x, mu = n/d, and lambda the coupled weight decay:
/// <code>
/// step     V' = (n/d) V + [2^40 (g(w) + lambda w)]      the product without loss, see LosslessProduct
///          W' = W - [eta V'],  w' = 2^-40 W'
/// undo     W = W' + [eta V'],  w = 2^-40 W
///          V = (d/n) (V' - [2^40 (g(w) + lambda w)])
/// adjoint  that of <see cref="Optimizers.Momentum"/>
/// </code>
/// The kernels see w in its own element type. Weights beyond +-2^20, and gradients that are not finite, make w NaN, which the training notices
/// in its next loss. On the CPU only.
/// </summary>
public sealed class FixedPointMomentum : ReversibleOptimizer
{
    private const double Unit = 1.0 / (1L << 40);
    private const double PerUnit = 1L << 40;

    // 2^20 in units.
    private const long Limit = 1L << 60;

    // Stands for NaN.
    private const long Poison = long.MinValue;

    // Numbers that share one coder; coders run in parallel.
    private const int RunLength = 1 << 14;

    private readonly Owned _owned = new();
    private readonly Tensor _integerWeights;
    private readonly Tensor _integerVelocity;
    private readonly LosslessProduct _product;
    private readonly int _count;
    private readonly ulong[] _coders;
    private readonly int[] _stored;
    private Tensor[]? _words;
    private bool _isRecording;
    private TensorBlock? _velocityAdjoint;

    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="options">
    /// <see cref="SgdOptions"/> with a momentum in (0, 1), of which the nearest fraction with a denominator of at most 32768 is used; no
    /// dampening, no Nesterov, no decoupled decay.
    /// </param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <exception cref="L2TException">The options are others, or the weights are not on the CPU.</exception>
    public FixedPointMomentum(TensorBlock weights, OptimizerOptions options, double gradientScale = 1)
        : base(weights, options, gradientScale, differentiatesSettings: false, buffersGradient: true, adjointReadsGradient: false)
    {
        try
        {
            Momentum = RequireReversible(options);
            if (!HostAccess.IsHost(weights.Flat))
                throw new L2TException($"Exact reversal works on the CPU, not on {weights.Flat.device}. Set Device to CPU, or choose another TrajectoryPolicy.");
            _product = new LosslessProduct(Momentum);
            _count = checked((int)weights.Count);
            _coders = new ulong[(_count + RunLength - 1) / RunLength];
            _stored = new int[_coders.Length];
            _integerWeights = _owned.Add(zeros(_count, ScalarType.Int64).DetachFromDisposeScope());
            _integerVelocity = _owned.Add(zeros(_count, ScalarType.Int64).DetachFromDisposeScope());
        }
        catch
        {
            Dispose();
            throw;
        }
        ResetMemory();
    }

    /// <summary>mu as it is used.</summary>
    public Fraction Momentum { get; }

    /// <inheritdoc/>
    public override long Bytes => base.Bytes + 2 * sizeof(long) * (long)_count;

    /// <summary>The bits that the steps since the last <see cref="ReversibleOptimizer.Reset"/> have stored, coders included.</summary>
    public long StoredBits => 16 * _stored.Sum(words => (long)words) + 64L * _coders.Length;

    /// <summary>W, in units of 2^-40.</summary>
    public ReadOnlySpan<long> IntegerWeights => HostAccess.View<long>(_integerWeights);

    /// <summary>V, in units of 2^-40.</summary>
    public ReadOnlySpan<long> IntegerVelocity => HostAccess.View<long>(_integerVelocity);

    /// <inheritdoc/>
    protected override IReadOnlyList<TensorBlock> Scratch => [AccumulatorAdjoint];

    /// <inheritdoc/>
    protected override TensorBlock Accumulator => Gradient;

    /// <inheritdoc/>
    protected override TensorBlock AccumulatorAdjoint => _velocityAdjoint ??= _owned.Add(TensorBlock.LikeZeros(Weights));

    /// <summary>The bytes that <see cref="Remember"/> takes for so many weights and steps.</summary>
    public static long LostBitsBytes(long weights, int steps, Fraction momentum)
    {
        var product = new LosslessProduct(momentum);
        var (runs, rest) = Math.DivRem(weights, RunLength);
        return sizeof(ushort) * (runs * product.MaxWords((double)RunLength * steps) + (rest > 0 ? product.MaxWords((double)rest * steps) : 0));
    }

    /// <summary>
    /// Makes room for the lost bits of <paramref name="steps"/> steps, log2(1/mu) a weight and step, so that they can be undone. Without it
    /// steps are the same, to the bit, but forget what they lose.
    /// </summary>
    /// <exception cref="L2TException">The student or its training is too large: a run of 16,384 weights has more than 2^30 words.</exception>
    public void Remember(int steps)
    {
        var room = new Tensor[_coders.Length];
        for (var run = 0; run < room.Length; run++)
        {
            var words = _product.MaxWords((double)Length(run) * steps);
            if (words > 1 << 30)
                throw new L2TException($"Exact reversal of {steps} steps at momentum {Momentum.Value} loses too many bits. Lower Steps, or choose another TrajectoryPolicy.");
            room[run] = _owned.Add(empty(words, ScalarType.Int16).DetachFromDisposeScope());
        }
        _words = room;
    }

    /// <summary>
    /// The steps from here to the next <see cref="ReversibleOptimizer.Reset"/> are to be undone; there must be room for them
    /// (<see cref="Remember"/>). Those of a warm start are not.
    /// </summary>
    public void BeginRecording() => _isRecording = _words is not null;

    /// <summary>The momentum of options whose steps can be undone.</summary>
    /// <exception cref="L2TException">They cannot; the message says why.</exception>
    public static Fraction RequireReversible(OptimizerOptions options)
    {
        if (options is not SgdOptions { Dampening: 0, Nesterov: false } sgd || (sgd.DecoupledWeightDecay && sgd.WeightDecay > 0))
        {
            throw new L2TException($"Exact reversal undoes momentum without dampening and decoupled decay, not {options}. "
                + "Set Optimizer to new SgdOptions { Momentum = 0.9 }, or choose another TrajectoryPolicy.");
        }
        var ratio = Fraction.Nearest(sgd.Momentum, LosslessProduct.MaxDenominator);
        return sgd.Momentum is > 0 and < 1 && ratio.Numerator > 0 && ratio.Numerator < ratio.Denominator
            ? ratio
            : throw new L2TException(FormattableString.Invariant($"Exact reversal needs a momentum between {1.0 / LosslessProduct.MaxDenominator:G2} and 1; it is {sgd.Momentum}. ")
                + "Set Optimizer to new SgdOptions { Momentum = 0.9 }, or choose another TrajectoryPolicy.");
    }

    /// <inheritdoc/>
    protected override void ResetMemory()
    {
        Array.Fill(_coders, _product.Start);
        Array.Clear(_stored);
        _isRecording = false;
        HostAccess.View<long>(_integerVelocity).Clear();
        if (Weights.Flat.dtype == ScalarType.Float64)
            Round<double>();
        else
            Round<float>();
    }

    /// <inheritdoc/>
    protected override void TakeStep(GradientKernel gradient, Tensor x, Tensor y, int step, double learningRate)
    {
        ComputeGradient(gradient, x, y);
        if (Weights.Flat.dtype == ScalarType.Float64)
            EachRun(run => Step<double>(run, learningRate));
        else
            EachRun(run => Step<float>(run, learningRate));
    }

    /// <summary>
    /// Undoes the last step that is not undone yet. <see cref="ReversibleOptimizer.Weights"/> are then those that it was taken from, and the
    /// kernel is as after a run on them.
    /// </summary>
    /// <param name="gradient">The kernel of <see cref="ReversibleOptimizer.Step"/>, with the coefficients of that step.</param>
    /// <param name="x">The inputs of the step's batch.</param>
    /// <param name="y">Its targets.</param>
    /// <param name="learningRate">eta of that step.</param>
    public void Undo(GradientKernel gradient, Tensor x, Tensor y, double learningRate)
    {
        if (_words is null)
            throw new InvalidOperationException("No lost bits were remembered.");
        var isDouble = Weights.Flat.dtype == ScalarType.Float64;
        if (isDouble)
            EachRun(run => UndoWeights<double>(run, learningRate));
        else
            EachRun(run => UndoWeights<float>(run, learningRate));
        ComputeGradient(gradient, x, y);
        if (isDouble)
            EachRun(UndoVelocity<double>);
        else
            EachRun(UndoVelocity<float>);
    }

    /// <inheritdoc/>
    protected override void ResetMemoryAdjoint() => AccumulatorAdjoint.Zero();

    /// <inheritdoc/>
    protected override void TakeAdjointStep(HyperKernel hyper, Tensor x, Tensor y, Tensor kept, int step, double learningRate)
    {
        var adjoint = AccumulatorAdjoint;
        adjoint.Add(WeightAdjoint, -learningRate);
        Decay.AdjointStep(Weights, WeightAdjoint, adjoint, null);
        Tangent.CopyFrom(adjoint);
        AddHessian(hyper, x, y, kept, 1);
        adjoint.Scale(Momentum.Value);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _owned.Dispose();
        base.Dispose(disposing);
    }

    private int Length(int run) => Math.Min(RunLength, _count - run * RunLength);

    private void EachRun(Action<int> action)
    {
        var threads = Math.Min(get_num_threads(), _coders.Length);
        if (threads > 1)
        {
            Parallel.For(0, _coders.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, action);
            return;
        }
        for (var run = 0; run < _coders.Length; run++)
            action(run);
    }

    private Span<TItem> Run<TItem>(Tensor tensor, int run) where TItem : unmanaged =>
        HostAccess.View<TItem>(tensor).Slice(run * RunLength, Length(run));

    private void Round<TReal>() where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal>
    {
        var integers = HostAccess.View<long>(_integerWeights);
        var weights = HostAccess.View<TReal>(Weights.Flat);
        for (var i = 0; i < weights.Length; i++)
        {
            integers[i] = Integer(weights[i], TReal.Zero, 0);
            weights[i] = Real<TReal>(integers[i]);
        }
    }

    private void Step<TReal>(int run, double learningRate) where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal>
    {
        var weights = Run<TReal>(Weights.Flat, run);
        var gradient = Run<TReal>(Gradient.Flat, run);
        var integers = Run<long>(_integerWeights, run);
        var velocity = Run<long>(_integerVelocity, run);
        var decay = Decay.Coupled;
        var words = !_isRecording ? default : HostAccess.View<ushort>(_words![run]);
        var product = _product;
        var coder = _coders[run];
        var stored = _stored[run];
        for (var i = 0; i < weights.Length; i++)
        {
            var v = product.Multiply(velocity[i], ref coder, out var word);
            if (word >= 0)
            {
                if (!words.IsEmpty)
                    words[stored] = (ushort)word;
                stored++;
            }
            var g = Integer(gradient[i], weights[i], decay);
            var isSound = g != Poison && InRange(v + g) && integers[i] != Poison;
            velocity[i] = isSound ? v + g : v;
            var w = isSound ? integers[i] - Move(velocity[i], learningRate) : Poison;
            integers[i] = InRange(w) ? w : Poison;
            weights[i] = Real<TReal>(integers[i]);
        }
        _coders[run] = coder;
        _stored[run] = stored;
    }

    private void UndoWeights<TReal>(int run, double learningRate) where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal>
    {
        var weights = Run<TReal>(Weights.Flat, run);
        var integers = Run<long>(_integerWeights, run);
        var velocity = Run<long>(_integerVelocity, run);
        for (var i = 0; i < weights.Length; i++)
        {
            if (integers[i] != Poison)
                integers[i] += Move(velocity[i], learningRate);
            weights[i] = Real<TReal>(integers[i]);
        }
    }

    private void UndoVelocity<TReal>(int run) where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal>
    {
        var weights = Run<TReal>(Weights.Flat, run);
        var gradient = Run<TReal>(Gradient.Flat, run);
        var velocity = Run<long>(_integerVelocity, run);
        var decay = Decay.Coupled;
        var words = HostAccess.View<ushort>(_words![run]);
        var product = _product;
        var coder = _coders[run];
        var stored = _stored[run];
        // A stack: the last product first.
        for (var i = gradient.Length - 1; i >= 0; i--)
        {
            if (product.NeedsWord(coder))
                coder = LosslessProduct.TakeWord(coder, words[--stored]);
            velocity[i] = product.Undo(velocity[i] - Integer(gradient[i], weights[i], decay), ref coder);
        }
        _coders[run] = coder;
        _stored[run] = stored;
    }

    private static bool InRange(long value) => value is > -Limit and < Limit;

    // Both directions of a step must come to the same integer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Move(long velocity, double learningRate) => Saturated(learningRate * velocity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Integer<TReal>(TReal value, TReal weight, double decay) where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal>
    {
        var scaled = (double.CreateTruncating(value) + decay * double.CreateTruncating(weight)) * PerUnit;
        return Math.Abs(scaled) < Limit ? (long)Math.Round(scaled) : Poison;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Real<TReal>(long value) where TReal : unmanaged, IBinaryFloatingPointIeee754<TReal> =>
        value == Poison ? TReal.NaN : TReal.CreateTruncating(value * Unit);

    private static long Saturated(double value) => (long)Math.Round(Math.Clamp(value, -Limit, Limit));
}
