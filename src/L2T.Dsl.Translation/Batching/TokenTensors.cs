using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Batching;

/// <summary>The tokens of a batch, int64, filled up with <see cref="Subwords.SubwordVocabulary.Pad"/>.</summary>
public sealed class TokenTensors : IDisposable
{
    /// <summary>Places for batches of a shape.</summary>
    /// <param name="batchSize">N.</param>
    /// <param name="sourceLength">S.</param>
    /// <param name="targetLength">T.</param>
    public TokenTensors(long batchSize, long sourceLength, long targetLength)
    {
        Libtorch.EnsureLoaded();
        Source = zeros([batchSize, sourceLength], ScalarType.Int64).DetachFromDisposeScope();
        Input = zeros([batchSize, targetLength], ScalarType.Int64).DetachFromDisposeScope();
        Labels = zeros([batchSize, targetLength], ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>What is translated [N, S]: its tokens and the end of the sentence.</summary>
    public Tensor Source { get; }

    /// <summary>What the decoder is given [N, T]: the beginning and the tokens of the translation.</summary>
    public Tensor Input { get; }

    /// <summary>What it is to say [N, T]: at each position the token after that of <see cref="Input"/>; the last is the end of the sentence.</summary>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Source.Dispose();
        Input.Dispose();
        Labels.Dispose();
    }
}
