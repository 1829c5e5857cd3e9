using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// The steps with a fixed loss that lead a student to the weights w_0 at which its training begins. No teacher has a say in them, so the
/// sweep ends at w_0, and they are not remembered.
/// </summary>
internal sealed class WarmStart : IDisposable
{
    private readonly Owned _owned = new();
    private readonly LossTeacherExperiment _experiment;
    private readonly ReversibleOptimizer _optimizer;
    private readonly KernelsByShape<GradientKernel> _kernels;
    private readonly TensorBlock _coefficients;
    private readonly TensorBlock? _start;
    private (ulong Seed, long[] Train)? _known;

    /// <param name="experiment">Settings; its <see cref="LossTeacherExperiment.WarmStartSteps"/> are not 0.</param>
    /// <param name="optimizer">The student's, which stays the caller's.</param>
    /// <param name="gradientScale">What that multiplies gradients by: meant for the taught loss, and taken back for this one.</param>
    public WarmStart(LossTeacherExperiment experiment, ReversibleOptimizer optimizer, double gradientScale)
    {
        _experiment = experiment;
        _optimizer = optimizer;
        var weights = optimizer.Weights;
        var loss = experiment.FixedLoss(experiment.WarmStartLoss);
        var shapes = experiment.Shapes;
        try
        {
            _coefficients = _owned.Add(new TensorBlock(loss.Coefficients, experiment.DType, experiment.Device));
            using (var generator = new Generator(experiment.CoefficientSeed))
                _coefficients.Initialise(generator);
            _kernels = _owned.Add(new KernelsByShape<GradientKernel>(experiment.TrainingShapes, Create));
            // Under other tasks the steps lead elsewhere.
            if (experiment.FixedStart && experiment.Tasks is null)
                _start = _owned.Add(TensorBlock.LikeZeros(weights));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }

        GradientKernel Create(int shape, long size)
        {
            var kernel = shapes[shape].Experiment.Loss(loss.Name).Create(weights, _coefficients, optimizer.GradientTarget, size);
            return gradientScale == 1 ? kernel : new ScaledGradientKernel(weights, kernel, 1 / gradientScale);
        }
    }

    public long BlockBytes => _coefficients.Bytes + (_start?.Bytes ?? 0);

    public long BufferBytes => _kernels.BufferBytes;

    /// <summary>Takes the steps from the weights that are there. Where every student starts from the same, they are taken once.</summary>
    /// <param name="seed">Seed of the student's start.</param>
    /// <param name="train">Its training examples.</param>
    /// <param name="batches">The batches of its steps.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite.</exception>
    public void Run(ulong seed, long[] train, TrainingBatches batches, CancellationToken cancellation)
    {
        if (_known is { } known && known.Seed == seed && known.Train.AsSpan().SequenceEqual(train))
        {
            Copy(_start!, _optimizer.Weights);
            return;
        }
        var rate = _experiment.WarmStartLearningRate ?? _experiment.LearningRate;
        for (var step = 0; step < _experiment.WarmStartSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            batches.Load(step);
            var kernel = _kernels.For(batches.Shape, batches.Inputs.shape[0]);
            kernel.NoiseKey = SplitMix64.Derive(seed, RandomUse.Noise, (ulong)step);
            _optimizer.Step(kernel, batches.Inputs, batches.Labels, step, rate);
            var loss = HostAccess.Scalar(kernel.Value);
            if (!double.IsFinite(loss))
                throw new NonFiniteException($"The loss of the warm start is {loss}", step, []);
        }
        if (_start is not null)
        {
            Copy(_optimizer.Weights, _start);
            _known = (seed, train);
        }
    }

    public void Dispose() => _owned.Dispose();

    private static void Copy(TensorBlock from, TensorBlock to)
    {
        to.CopyFrom(from);
        to.BufferFlat.copy_(from.BufferFlat);
    }
}
