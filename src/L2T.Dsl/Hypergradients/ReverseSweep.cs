using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using TorchSharp;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Reverse-mode differentiation of a whole training with respect to the teacher's parameters theta (Algorithm 2 of the paper): from
/// dM/dw_T back to w_0, step by step, every step adding its share (dPhi_t/dtheta)' dM/dPhi_t.
/// <code>
/// for t = T-1, ..., 0:
///     restore w_t, s_t and what step t kept;  Phi_t = mu_theta(s_t)
///     adjoint step:  dM/dw_t from dM/dw_{t+1},  and dM/dPhi_t
///     dM/dtheta += (dPhi_t/dtheta)' (dM/dPhi_t - (decay / T) (Phi_t - Phi_0))
/// </code>
/// The state s_t is a constant. The last term is the gradient of the penalty (decay / 2T) sum_t |Phi_t - Phi_0|^2.
/// </summary>
internal sealed class ReverseSweep : IDisposable
{
    private readonly Owned _owned = new();
    private readonly StudentRun _run;
    private readonly ITrajectory _trajectory;
    private readonly HyperKernel _hyper;
    private readonly TeacherKernel _teacher;
    private readonly TensorBlock _coefficientGradient;
    private readonly TensorBlock _anchor;
    private readonly TensorBlock _distance;
    private readonly int _steps;
    private readonly double _decay;
    private readonly double[] _rateAdjoints;

    /// <param name="run">The student; its optimizer's <c>WeightAdjoint</c> holds dM/dw_T at the start of a sweep.</param>
    /// <param name="teacher">Bound to <c>run.Coefficients</c> and <paramref name="coefficientGradient"/>; stays the caller's.</param>
    /// <param name="coefficientGradient">dM/dPhi_t; stays the caller's.</param>
    /// <param name="anchor">Phi_0, which coefficients decay to; stays the caller's.</param>
    public ReverseSweep(LossTeacherExperiment experiment, StudentRun run, TeacherKernel teacher, TensorBlock coefficientGradient, TensorBlock anchor)
    {
        _run = run;
        _teacher = teacher;
        _coefficientGradient = coefficientGradient;
        _anchor = anchor;
        _steps = experiment.Steps;
        _decay = experiment.CoefficientDecay;
        _rateAdjoints = run.Optimizer.Settings is null ? [] : new double[_steps];
        var optimizer = run.Optimizer;
        try
        {
            _distance = _owned.Add(TensorBlock.LikeZeros(anchor));
            _hyper = _owned.Add(experiment.CreateHyper(
                run.Weights, run.Coefficients, optimizer.Tangent, optimizer.WeightAdjoint, coefficientGradient, experiment.BatchSize));
            _trajectory = _owned.Add(new KeepAllTrajectory(
                new TrajectoryBinding([.. optimizer.AdjointState.Select(block => block.Flat)], run.State, run.Kept, _hyper.Kept), experiment.Steps));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <summary>What the training that is to be reversed must be recorded in.</summary>
    public ITrajectory Trajectory => _trajectory;

    /// <summary>dM/deta_t by step, as of the last sweep, where derivatives with respect to the optimizer's settings are taken; else empty.</summary>
    public IReadOnlyList<double> RateAdjoints => _rateAdjoints;

    /// <summary>
    /// Goes back through the recorded training and adds the gradient to the block that the teacher's kernel was bound to. Returns the
    /// penalty on the coefficients.
    /// </summary>
    public double Run(CancellationToken cancellation)
    {
        var penalty = 0.0;
        _run.Optimizer.ResetAdjoint();
        for (var step = _steps - 1; step >= 0; step--)
        {
            cancellation.ThrowIfCancellationRequested();
            _trajectory.Restore(step);
            _teacher.Forward(_run.State);
            _run.LoadBatch(step);
            _coefficientGradient.Zero();
            _run.AdjointStep(_hyper, step);
            if (_run.Optimizer.Settings is { } settings)
                _rateAdjoints[step] = settings.LearningRate;
            if (_decay > 0)
                penalty += AddDecay();
            _teacher.Backward(_run.State);
        }
        return penalty;
    }

    public void Dispose() => _owned.Dispose();

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
