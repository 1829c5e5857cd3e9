using L2T.Dsl.Translation.Subwords;

namespace L2T.Dsl.Translation.Decoding;

/// <summary>Translates sentences as they are written.</summary>
/// <param name="model">The student.</param>
/// <param name="vocabulary">Its tokens.</param>
public sealed class Translator(INextToken model, SubwordVocabulary vocabulary)
{
    /// <summary>Sentences that are decoded together.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>How to search; null takes the most probable token each time.</summary>
    public BeamOptions? Beam { get; init; }

    /// <summary>The most tokens of a translation where <see cref="Beam"/> is null.</summary>
    public int MaxTokens { get; init; } = 100;

    /// <summary>The translations of <paramref name="sentences"/>, in their order; of a sentence without words, nothing.</summary>
    /// <exception cref="L2TException">The batch is empty, or decoding fails; see <see cref="Decoder"/>.</exception>
    public string[] Translate(IReadOnlyList<string> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        if (BatchSize < 1)
            throw new L2TException($"{BatchSize} sentences are decoded together. Use at least 1.");
        int[][] sources = [.. sentences.Select(vocabulary.Encode)];
        string[] translations = [.. sentences.Select(_ => "")];
        // Sentences of like length, so that little is filled up.
        var order = Enumerable.Range(0, sources.Length).Where(i => sources[i].Length > 0).OrderBy(i => sources[i].Length);
        foreach (var batch in order.Chunk(BatchSize))
        {
            var found = Decode([.. batch.Select(i => sources[i])]);
            for (var row = 0; row < batch.Length; row++)
                translations[batch[row]] = vocabulary.Decode(found[row]);
        }
        return translations;
    }

    private int[][] Decode(int[][] sources) => Beam is null
        ? Decoder.Greedy(model, sources, MaxTokens)
        : [.. Decoder.Beam(model, sources, Beam).Select(hypotheses => hypotheses[0].Tokens.ToArray())];
}
