using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Support;

/// <summary>What an episode was made of, noted by the kernels themselves: enough to repeat it without the library's loops.</summary>
internal sealed class Recording : IDisposable
{
    /// <summary>The weights before the first step.</summary>
    public Tensor? Start { get; set; }

    /// <summary>The batches of the training steps.</summary>
    public List<(Tensor X, Tensor Y)> Batches { get; } = [];

    /// <summary>The states that the teacher saw: those of the training steps, then those of the way back.</summary>
    public List<Tensor> States { get; } = [];

    /// <summary>The examples of the relaxed metric.</summary>
    public List<(Tensor X, Tensor Y)> Judges { get; } = [];

    public void Dispose()
    {
        Start?.Dispose();
        foreach (var (x, y) in Batches.Concat(Judges))
        {
            x.Dispose();
            y.Dispose();
        }
        foreach (var state in States)
            state.Dispose();
    }
}
