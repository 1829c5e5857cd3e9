using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// The steps of a training as a policy remembers them on the way forward and restores them on the way back. What it does not remember it
/// computes again, bit for bit. One object serves any number of trainings, one after the other; each begins with step 0.
/// </summary>
public interface ITrajectory : IDisposable
{
    /// <summary>The earliest step that can be restored: 0 unless the policy truncates.</summary>
    int First { get; }

    /// <summary>Called before step <paramref name="step"/> is taken, for 0, 1, ... in order.</summary>
    void BeforeStep(int step);

    /// <summary>Called after that step.</summary>
    void AfterStep(int step);

    /// <summary>
    /// Restores what the adjoint of step <paramref name="step"/> reads: <see cref="TrajectoryBinding.AdjointInputs"/> as they were before
    /// it. Called for the steps in falling order down to
    /// <see cref="First"/>, each time with the state, the coefficients and the batch of that step in place; they must be so afterwards.
    /// </summary>
    /// <returns>What the step kept, as large as <see cref="TrajectoryBinding.Kept"/>: the trajectory's, and good until it is called again.</returns>
    /// <exception cref="ReplayException">A step that was taken again came out otherwise than before.</exception>
    Tensor Restore(int step);
}
