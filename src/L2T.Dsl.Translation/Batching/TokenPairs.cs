using L2T.Dsl.Data;
using L2T.Dsl.Tensors;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Batching;

/// <summary>A parallel text in tokens. Pairs of which a side is too long, or has no token, are left out and counted.</summary>
public sealed class TokenPairs
{
    private readonly List<(int[] Source, int[] Target)> _tokens = [];
    private readonly List<SentencePair> _pairs = [];

    /// <param name="text">The text.</param>
    /// <param name="vocabulary">Its tokens.</param>
    /// <param name="maxTokens">The longest side kept, its <see cref="SubwordVocabulary.Eos"/> included.</param>
    /// <exception cref="L2TException">No pair is left.</exception>
    public TokenPairs(ParallelText text, SubwordVocabulary vocabulary, int maxTokens = 100)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Name = text.Name;
        var (empty, tooLong) = (0, 0);
        foreach (var pair in text.Pairs)
        {
            var (source, target) = (vocabulary.Encode(pair.Source), vocabulary.Encode(pair.Target));
            if (source.Length == 0 || target.Length == 0)
            {
                empty++;
            }
            else if (Math.Max(source.Length, target.Length) + 1 > maxTokens)
            {
                tooLong++;
            }
            else
            {
                _tokens.Add((source, target));
                _pairs.Add(pair);
            }
        }
        Skipped = new SkippedPairs(empty, tooLong);
        if (Count == 0)
            throw new L2TException($"{Name} has no pair of at most {maxTokens} tokens a side (left out: {Skipped}). Raise the limit, or give other text.");
        MaxSourceLength = Enumerable.Range(0, Count).Max(SourceLength);
        MaxTargetLength = Enumerable.Range(0, Count).Max(TargetLength);
    }

    /// <summary>What the text is called in messages.</summary>
    public string Name { get; }

    /// <summary>The vocabulary of the tokens.</summary>
    public SubwordVocabulary Vocabulary { get; }

    /// <summary>What was left out.</summary>
    public SkippedPairs Skipped { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => _tokens.Count;

    /// <summary>The pairs in words, in the same order.</summary>
    public IReadOnlyList<SentencePair> Sentences => _pairs;

    /// <summary>The longest source, with its <see cref="SubwordVocabulary.Eos"/>.</summary>
    public int MaxSourceLength { get; }

    /// <summary>The longest target, with its <see cref="SubwordVocabulary.Eos"/>.</summary>
    public int MaxTargetLength { get; }

    /// <summary>The tokens of a source, without <see cref="SubwordVocabulary.Eos"/>.</summary>
    public ReadOnlySpan<int> Source(int index) => _tokens[index].Source;

    /// <summary>The tokens of a target, without <see cref="SubwordVocabulary.Bos"/> and <see cref="SubwordVocabulary.Eos"/>.</summary>
    public ReadOnlySpan<int> Target(int index) => _tokens[index].Target;

    /// <summary>Positions that a source takes: its tokens and <see cref="SubwordVocabulary.Eos"/>.</summary>
    public int SourceLength(int index) => _tokens[index].Source.Length + 1;

    /// <summary>Positions that a target takes: its tokens and <see cref="SubwordVocabulary.Bos"/> before or <see cref="SubwordVocabulary.Eos"/> after.</summary>
    public int TargetLength(int index) => _tokens[index].Target.Length + 1;

    /// <summary>Writes pairs to places made for as many.</summary>
    /// <param name="indices">The pairs.</param>
    /// <param name="places">Where they go, a pair a row; what a row has before is overwritten.</param>
    /// <exception cref="L2TException">There are more or fewer places, or a pair is too long for them.</exception>
    public void Gather(IReadOnlyList<int> indices, TokenTensors places)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(places);
        var (sourceLength, targetLength) = ((int)places.Source.shape[1], (int)places.Labels.shape[1]);
        if (places.Source.shape[0] != indices.Count)
            throw new L2TException($"{Name}: {indices.Count} pairs for {places.Source.shape[0]} places. Make places for as many.");
        var source = HostAccess.View<long>(places.Source);
        var input = HostAccess.View<long>(places.Input);
        var labels = HostAccess.View<long>(places.Labels);
        for (var row = 0; row < indices.Count; row++)
        {
            var index = indices[row];
            if (SourceLength(index) > sourceLength || TargetLength(index) > targetLength)
            {
                throw new L2TException($"{Name}: pair {index} takes {SourceLength(index)} and {TargetLength(index)} positions, the places have {sourceLength} and "
                    + $"{targetLength}. Make longer ones, or lower the limit of length.");
            }
            Fill(source.Slice(row * sourceLength, sourceLength), [], Source(index), [SubwordVocabulary.Eos]);
            Fill(input.Slice(row * targetLength, targetLength), [SubwordVocabulary.Bos], Target(index), []);
            Fill(labels.Slice(row * targetLength, targetLength), [], Target(index), [SubwordVocabulary.Eos]);
        }
    }

    /// <summary>
    /// All pairs in one shape, for an experiment of fixed shapes: a row of inputs is a source and then what the decoder is given, [count, S + T];
    /// labels are [count, T], and the classes are the tokens. Filled up with <see cref="SubwordVocabulary.Pad"/>.
    /// </summary>
    /// <param name="sourceLength">S, at least <see cref="MaxSourceLength"/>.</param>
    /// <param name="targetLength">T, at least <see cref="MaxTargetLength"/>.</param>
    /// <exception cref="L2TException">A pair is longer.</exception>
    public LabelledData ToLabelledData(int sourceLength, int targetLength)
    {
        using var places = new TokenTensors(Count, sourceLength, targetLength);
        Gather([.. Enumerable.Range(0, Count)], places);
        using var inputs = cat([places.Source, places.Input], 1);
        return new LabelledData(inputs, places.Labels, Vocabulary.Size, Name) { Padding = SubwordVocabulary.Pad };
    }

    private static void Fill(Span<long> row, ReadOnlySpan<int> before, ReadOnlySpan<int> tokens, ReadOnlySpan<int> after)
    {
        row.Fill(SubwordVocabulary.Pad);
        var next = 0;
        foreach (var token in (ReadOnlySpan<int>)[.. before, .. tokens, .. after])
            row[next++] = token;
    }
}
