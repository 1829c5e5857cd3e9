using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>Records every step from <paramref name="first"/> on.</summary>
internal sealed class KeptTrajectory(RecordedSteps recorded, int first) : ITrajectory
{
    public int First => first;

    public void BeforeStep(int step)
    {
        if (step >= first)
            recorded.Before(step - first);
    }

    public void AfterStep(int step)
    {
        if (step >= first)
            recorded.After(step - first);
    }

    public Tensor Restore(int step) => recorded.Restore(step - first);

    public void Dispose() => recorded.Dispose();
}
