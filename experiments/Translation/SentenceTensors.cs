using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Experiments.Translation;

/// <summary>
/// Sentences as the translators of the library take them: the tokens of the source and its end, padded, and behind them what stands before each
/// token of the target, padded. The labels are the target's tokens and its end.
/// </summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="sourceLength">The tokens of a source with its end, at most.</param>
/// <param name="targetLength">The tokens of a target with its end, at most.</param>
internal sealed class SentenceTensors(SubwordVocabulary vocabulary, int sourceLength, int targetLength)
{
    /// <summary>The tokens of a source with its end, at most.</summary>
    public int SourceLength => sourceLength;

    /// <summary>The tokens of a target with its end, at most.</summary>
    public int TargetLength => targetLength;

    /// <summary>The pairs that fit.</summary>
    public IReadOnlyList<SentencePair> Fitting(ParallelText text) =>
        [.. text.Pairs.Where(pair => vocabulary.Encode(pair.Source).Length < sourceLength && vocabulary.Encode(pair.Target).Length < targetLength)];

    /// <summary>Examples of pairs that fit.</summary>
    /// <exception cref="L2TException">There is none.</exception>
    public LabelledData Examples(IReadOnlyList<SentencePair> pairs, string name)
    {
        if (pairs.Count == 0)
            throw new L2TException($"No pair of {name} has at most {sourceLength - 1} and {targetLength - 1} tokens. Raise --source-length or --target-length.");
        var inputs = new long[pairs.Count, sourceLength + targetLength];
        var labels = new long[pairs.Count, targetLength];
        for (var i = 0; i < pairs.Count; i++)
        {
            WriteSource(pairs[i].Source, inputs, i);
            var target = vocabulary.Encode(pairs[i].Target);
            inputs[i, sourceLength] = SubwordVocabulary.Bos;
            for (var t = 0; t < target.Length; t++)
            {
                inputs[i, sourceLength + t + 1] = target[t];
                labels[i, t] = target[t];
            }
            labels[i, target.Length] = SubwordVocabulary.Eos;
        }
        using var scope = NewDisposeScope();
        return new LabelledData(tensor(inputs), tensor(labels), vocabulary.Size, name) { Padding = SubwordVocabulary.Pad };
    }

    /// <summary>Writes the tokens of a source and its end to a row of inputs.</summary>
    public void WriteSource(string sentence, long[,] inputs, int row)
    {
        var source = vocabulary.Encode(sentence);
        for (var s = 0; s < source.Length; s++)
            inputs[row, s] = source[s];
        inputs[row, source.Length] = SubwordVocabulary.Eos;
    }
}
