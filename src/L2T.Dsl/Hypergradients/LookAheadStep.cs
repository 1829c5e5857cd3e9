using L2T.Dsl.Training;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// One step on trial and the way back through it (Shu et al. 2019, equations 3 to 5; Bechtle et al. 2021, algorithm 1):
/// <code>
/// w' = step(w_t, Phi_t)
/// dM/dtheta = (dPhi_t/dtheta)' (dw'/dPhi_t)' dM/dw'(w')
/// </code>
/// Leaves everything that a step hands to the next as it was before.
/// </summary>
internal sealed class LookAheadStep : IDisposable
{
    private readonly StudentRun _run;
    private readonly ReverseSweep _sweep;
    private readonly MemoryRows _before;

    /// <param name="run">The student; stays the caller's.</param>
    /// <param name="sweep">Adds to the teacher's gradient; stays the caller's.</param>
    public LookAheadStep(StudentRun run, ReverseSweep sweep)
    {
        _run = run;
        _sweep = sweep;
        _before = new MemoryRows(1, run.Carried);
    }

    public long Bytes => _run.Carried.Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>Adds the gradient of the metric after step <paramref name="step"/>.</summary>
    /// <param name="step">The step, whose state, coefficients and batch are in place.</param>
    /// <param name="differentiate">Writes dM/dw to the optimizer's <c>WeightAdjoint</c>.</param>
    /// <returns>The metric.</returns>
    public double Run(int step, Func<double> differentiate)
    {
        _before.Write(0, _run.Carried);
        _run.Step(step);
        var metric = differentiate();
        _sweep.RunStep(step, Restore);
        return metric;
    }

    public void Dispose() => _before.Dispose();

    private void Restore() => _before.Read(0, _run.Carried);
}
