using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Translation.Batching;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;

namespace L2T.Experiments.Translation;

/// <summary>
/// The pairs of a corpus that are short enough, as tensors. The teacher learns from pairs that are held back from training (every so many of its
/// part), so that the validation part can tell the best teacher and choose learning rates, and the test part stays unseen.
/// </summary>
internal sealed class TranslationData : IDisposable
{
    // What extracting and learning gave, beside the pages.
    private const string Prepared = "prepared";

    private TranslationData(
        SubwordVocabulary vocabulary, DataSplit split, IReadOnlyList<LengthBucket> buckets, long tokens, ParallelText train, IReadOnlyList<SentencePair> test, string sizes)
    {
        Buckets = buckets;
        Tokens = tokens;
        Vocabulary = vocabulary;
        Split = split;
        Train = train;
        Test = test;
        Sizes = sizes;
    }

    /// <summary>The tokens.</summary>
    public SubwordVocabulary Vocabulary { get; }

    /// <summary>The examples.</summary>
    public DataSplit Split { get; }

    /// <summary>The lengths of training batches, the shortest first; the last are those of the examples.</summary>
    public IReadOnlyList<LengthBucket> Buckets { get; }

    /// <summary>The tokens of both sides of the training part, without padding.</summary>
    public long Tokens { get; }

    /// <summary>What is trained on, as text.</summary>
    public ParallelText Train { get; }

    /// <summary>What is translated in the end.</summary>
    public IReadOnlyList<SentencePair> Test { get; }

    /// <summary>How many pairs there are of each part, and how many were left out, in words.</summary>
    public string Sizes { get; }

    /// <summary>Reads a corpus, and learns its subwords from the training part.</summary>
    /// <exception cref="L2TException">Files are missing or damaged, or there are too few pairs.</exception>
    public static TranslationData Load(TranslationSettings settings)
    {
        var corpus = Corpus(settings.Data);
        var vocabulary = SubwordVocabulary.Learn(corpus.Train.Sources.Concat(corpus.Train.Targets), settings.Merges);
        var (train, valid, test) = (Fitting(corpus.Train), Fitting(corpus.Valid), Fitting(corpus.Test));
        var every = train.Count / settings.Dev;
        if (every < 2)
            throw new L2TException($"{train.Count} pairs of {corpus.Train.Name} are short enough, and --dev holds back {settings.Dev} of them. Lower --dev, or raise the lengths.");
        SentencePair[] dev = [.. train.Where((_, i) => i % every == 0).Take(settings.Dev)];
        SentencePair[] kept = [.. train.Where((_, i) => i % every != 0 || i / every >= settings.Dev)];
        if (settings.MeasuredPairs is { } pairs && pairs < kept.Length)
            kept = [.. kept.Where((_, i) => i % (kept.Length / pairs) == 0).Take(pairs)];
        SentencePair[] translated = [.. test.Take(settings.Test)];
        var training = Encode(kept, "the training part");
        var buckets = LengthBuckets.Choose(training, settings.Buckets, settings.TokensPerBatch);
        var tokens = Enumerable.Range(0, training.Count).Sum(pair => (long)training.SourceLength(pair) + training.TargetLength(pair));
        var examples = new DataSplit(
            Examples(training),
            Examples(Encode(dev, "the development part")),
            Examples(Encode(translated, "the test part")),
            Examples(Encode(valid, "the validation part")));
        var sizes = $"{kept.Length} pairs for training, {dev.Length} for the teacher, {valid.Count} for validation, {translated.Length} for testing; "
            + $"{corpus.Train.Count - train.Count}, {corpus.Valid.Count - valid.Count} and {corpus.Test.Count - test.Count} too long";
        return new TranslationData(vocabulary, examples, buckets, tokens, new ParallelText(kept, "the training part"), translated, sizes);

        IReadOnlyList<SentencePair> Fitting(ParallelText text) =>
        [
            .. text.Pairs.Where(pair =>
                vocabulary.Encode(pair.Source).Length < settings.SourceLength && vocabulary.Encode(pair.Target).Length < settings.TargetLength),
        ];

        TokenPairs Encode(IReadOnlyList<SentencePair> pairs, string name) =>
            new(new ParallelText(pairs, name), vocabulary, Math.Max(settings.SourceLength, settings.TargetLength));

        LabelledData Examples(TokenPairs pairs) => pairs.ToLabelledData(settings.SourceLength, settings.TargetLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Split.Train.Dispose();
        Split.Dev.Dispose();
        Split.Test.Dispose();
        Split.HeldOut?.Dispose();
    }

    private static ParallelSplit Corpus(string folder)
    {
        if (File.Exists(Path.Combine(folder, "train.de")))
            return ParallelSplit.Load(folder);
        var prepared = Path.Combine(folder, Prepared);
        if (File.Exists(Path.Combine(prepared, "test.en")))
            return ParallelSplit.Load(prepared);
        var split = LibreOfficeHelp.Load(folder).Split;
        Directory.CreateDirectory(prepared);
        split.Save(prepared);
        return split;
    }
}
