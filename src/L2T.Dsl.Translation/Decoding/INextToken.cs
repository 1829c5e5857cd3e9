using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Decoding;

/// <summary>A student that translates, as decoding sees it: what comes next, given a source and the beginning of its translation.</summary>
public interface INextToken
{
    /// <summary>The log-probabilities of the token after each prefix. What it is given is in main memory; what it returns may be elsewhere.</summary>
    /// <param name="source">Sources [B, S], int64, each ended by <see cref="Subwords.SubwordVocabulary.Eos"/> and padded.</param>
    /// <param name="prefixes">Beginnings of their translations [B, t], int64, all as long; the first token is <see cref="Subwords.SubwordVocabulary.Bos"/>.</param>
    /// <returns>The log-probabilities [B, V], float32 or float64; the caller disposes them.</returns>
    Tensor LogProbabilities(Tensor source, Tensor prefixes);
}
