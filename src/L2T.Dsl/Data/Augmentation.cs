using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Changes the inputs of a training batch at random, as a function of a seed: the way back through training, and any replay, sees the batch
/// that was trained on. An augmentation of one's own is a record derived from this.
/// </summary>
public abstract record Augmentation
{
    /// <summary>Changes a batch in place.</summary>
    /// <param name="inputs">The inputs [N, ...], contiguous, float32 or float64, a copy that nothing else uses.</param>
    /// <param name="seed">The seed of this batch: the same seed, the same change.</param>
    /// <exception cref="L2TException">The inputs are not of the kind that this changes.</exception>
    public abstract void Apply(Tensor inputs, ulong seed);
}
