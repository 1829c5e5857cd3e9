using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Translation.Decoding;

/// <summary>
/// A student of fixed lengths that is given all words at once, as <see cref="Students.LstmTranslator"/> and
/// <see cref="Students.TransformerTranslator"/> are: the source and the translation so far, both filled up, to logits for all places.
/// </summary>
/// <param name="forward">
/// From words [B, S + T], int64 (<see cref="Batching.TokenPairs.ToLabelledData"/>), to logits [B, T, V]; those of a place may depend on the source and on the
/// words up to that place. Such as an instance's Forward, once <see cref="Training.TrainedStudent.CopyTo"/> gave it its weights.
/// </param>
/// <param name="sourceLength">S: the words of a source, its end included.</param>
/// <param name="targetLength">T: the most words of a translation, its end included.</param>
public sealed class PaddedStudent(Func<Tensor, Tensor> forward, int sourceLength, int targetLength) : INextToken
{
    /// <inheritdoc/>
    /// <exception cref="L2TException">A source is longer than S, a prefix longer than T, or the logits have another shape.</exception>
    public Tensor LogProbabilities(Tensor source, Tensor prefixes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prefixes);
        if (source.shape[1] > sourceLength)
        {
            throw new L2TException($"A source of {source.shape[1]} words, its end included, for a student of {sourceLength}. Leave it out, or train a student of "
                + "longer sources.");
        }
        if (prefixes.shape[1] > targetLength)
        {
            throw new L2TException($"A translation goes on after {prefixes.shape[1] - 1} words, where the student's have at most {targetLength} with their end. "
                + $"Decode at most {targetLength - 1} tokens.");
        }
        using var words = full([source.shape[0], sourceLength + targetLength], (long)SubwordVocabulary.Pad, ScalarType.Int64);
        using var sourcePlaces = words.narrow(1, 0, source.shape[1]);
        sourcePlaces.copy_(source);
        using var prefixPlaces = words.narrow(1, sourceLength, prefixes.shape[1]);
        prefixPlaces.copy_(prefixes);
        using var logits = forward(words);
        if (logits.dim() != 3 || logits.shape[0] != source.shape[0] || logits.shape[1] != targetLength)
        {
            throw new L2TException($"The student gives logits [{string.Join(", ", logits.shape)}] for {source.shape[0]} sentences. They must be "
                + $"[{source.shape[0]}, {targetLength}, words of the vocabulary].");
        }
        using var last = logits.select(1, prefixes.shape[1] - 1);
        return functional.log_softmax(last, 1);
    }
}
