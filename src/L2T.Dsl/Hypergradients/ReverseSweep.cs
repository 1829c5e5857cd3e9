using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Reverse-mode differentiation of a whole training with respect to the teacher's parameters theta (Algorithm 2 of the paper): from
/// dM/dw_T back to w_0, step by step, every step adding its share (dPhi_t/dtheta)' dM/dPhi_t.
/// <code>
/// for t = T-1, ..., 0:
///     recall s_t and the batch;  Phi_t = mu_theta(s_t);  restore w_t, and find what step t kept
///     adjoint step:  dM/dw_t from dM/dw_{t+1},  and dM/dPhi_t
///     dM/dtheta += (dPhi_t/dtheta)' (dM/dPhi_t - (decay / T) (Phi_t - Phi_0))
/// </code>
/// The state s_t is a constant. The last term is the gradient of the penalty (decay / 2T) sum_t |Phi_t - Phi_0|^2.
/// </summary>
internal sealed class ReverseSweep : IDisposable
{
    private readonly Owned _owned = new();
    private readonly StudentRun _run;
    private readonly LossTeacherExperiment _experiment;
    private readonly KernelsByShape<HyperKernel> _hypers;
    private readonly TeacherKernel _teacher;
    private readonly TensorBlock _coefficientGradient;
    private readonly TensorBlock _anchor;
    private readonly TensorBlock _distance;
    private readonly int _steps;
    private readonly double _decay;
    private readonly double[] _rateAdjoints;
    private ITrajectory? _trajectory;

    /// <param name="run">The student; its optimizer's <c>WeightAdjoint</c> holds dM/dw_T at the start of a sweep.</param>
    /// <param name="teacher">Bound to <c>run.Coefficients</c> and <paramref name="coefficientGradient"/>; stays the caller's.</param>
    /// <param name="coefficientGradient">dM/dPhi_t; stays the caller's.</param>
    /// <param name="anchor">Phi_0, which coefficients decay to; stays the caller's.</param>
    public ReverseSweep(LossTeacherExperiment experiment, StudentRun run, TeacherKernel teacher, TensorBlock coefficientGradient, TensorBlock anchor)
    {
        _experiment = experiment;
        _run = run;
        _teacher = teacher;
        _coefficientGradient = coefficientGradient;
        _anchor = anchor;
        _steps = experiment.Steps;
        _decay = experiment.CoefficientDecay;
        _rateAdjoints = run.Optimizer.Settings is null ? [] : new double[_steps];
        var optimizer = run.Optimizer;
        var shapes = experiment.Shapes;
        try
        {
            _distance = _owned.Add(TensorBlock.LikeZeros(anchor));
            _hypers = _owned.Add(new KernelsByShape<HyperKernel>(experiment.TrainingShapes, (shape, size) => shapes[shape].Experiment.CreateHyper(
                run.Weights, run.Coefficients, optimizer.Tangent, optimizer.WeightAdjoint, coefficientGradient, size)));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <summary>What the training that is to be reversed must be recorded in; after <see cref="Allocate"/>.</summary>
    public ITrajectory Trajectory => _trajectory!;

    public long BufferBytes => _hypers.BufferBytes;

    public long BlockBytes => _distance.Bytes;

    // Of the shape of the batch that is loaded.
    private HyperKernel Hyper => _hypers.For(_run.Shape, _run.Inputs.shape[0]);

    /// <summary>What the trajectory's cost depends on, in a run that holds so much memory beside it.</summary>
    public TrajectorySizes Sizes(long otherBytes) => new(
        _steps, Bytes(_run.Carried), Bytes(_run.AdjointInputs), Bytes([_run.LargestKept]), _run.Weights.Count, _experiment.Optimizer, otherBytes);

    /// <summary>Makes the memory of the trajectory, once.</summary>
    public void Allocate(long otherBytes) =>
        _trajectory ??= _owned.Add(_experiment.Trajectory.Create(new TrajectoryBinding(_run, Sizes(otherBytes))));

    /// <summary>dM/deta_t by step, as of the last sweep, where derivatives with respect to the optimizer's settings are taken; else empty.</summary>
    public IReadOnlyList<double> RateAdjoints => _rateAdjoints;

    /// <summary>
    /// Goes back through the recorded training and adds the gradient to the block that the teacher's kernel was bound to. Returns the
    /// penalty on the coefficients.
    /// </summary>
    public double Run(CancellationToken cancellation)
    {
        var penalty = 0.0;
        var first = Trajectory.First;
        _run.Optimizer.ResetAdjoint();
        Array.Clear(_rateAdjoints);
        for (var step = _steps - 1; step >= first; step--)
        {
            cancellation.ThrowIfCancellationRequested();
            _run.Recall(step);
            var kept = Trajectory.Restore(step);
            _coefficientGradient.Zero();
            _run.AdjointStep(Hyper, kept, step);
            if (_run.Optimizer.Settings is { } settings)
                _rateAdjoints[step] = settings.LearningRate;
            if (_decay > 0)
                penalty += AddDecay();
            _teacher.Backward(_run.State);
        }
        // Of steps that a truncated sweep leaves out, the penalty is known all the same.
        for (var step = first - 1; step >= 0 && _decay > 0; step--)
        {
            cancellation.ThrowIfCancellationRequested();
            _run.Recall(step);
            _coefficientGradient.Zero();
            penalty += AddDecay();
            _teacher.Backward(_run.State);
        }
        return penalty;
    }

    /// <summary>
    /// The sweep over the one step just taken, whose state, coefficients and batch are in place, from <paramref name="restore"/>d weights:
    /// adds the gradient of the metric, which lies in <c>WeightAdjoint</c>, less the penalty on that step's coefficients.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="restore">Brings back what the step was taken from.</param>
    public void RunStep(int step, Action restore)
    {
        _run.Optimizer.ResetAdjoint();
        restore();
        _coefficientGradient.Zero();
        _run.AdjointStep(Hyper, _run.Kept, step);
        if (_decay > 0)
            AddDecay();
        _teacher.Backward(_run.State);
    }

    public void Dispose() => _owned.Dispose();

    private static long Bytes(IReadOnlyList<Tensor> tensors) => tensors.Sum(tensor => tensor.numel() * tensor.element_size());

    private double AddDecay()
    {
        var weight = _decay / _steps;
        using Scalar minusOne = -1;
        using Scalar minusWeight = -weight;
        _distance.CopyFrom(_run.Coefficients);
        _distance.Flat.add_(_anchor.Flat, minusOne);
        _coefficientGradient.Flat.add_(_distance.Flat, minusWeight);
        using var squared = _distance.Flat.dot(_distance.Flat);
        return weight / 2 * HostAccess.Scalar(squared);
    }
}
