namespace L2T.Dsl.Hypergradients;

/// <summary>
/// How the reverse sweep comes back to the steps of a training: remembers each on the way forward and restores it on the way back.
/// What a policy does not remember it must be able to compute again, bit for bit; the batch of a step needs no memory, it is a function
/// of the seed and the step.
/// </summary>
public interface ITrajectory : IDisposable
{
    /// <summary>Called before step <paramref name="step"/> is taken, for 0, 1, ... in order.</summary>
    void BeforeStep(int step);

    /// <summary>Called after that step.</summary>
    void AfterStep(int step);

    /// <summary>
    /// Restores the student's weights, the state it was taught by and the kept values as of step <paramref name="step"/>; called for
    /// the steps in falling order.
    /// </summary>
    void Restore(int step);
}
