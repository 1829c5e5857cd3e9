using System.Text;
using L2T.Dsl.Data;
using L2T.Dsl.Reporting;

namespace L2T.Dsl.Translation.Corpora;

/// <summary>
/// Sentences and their translations: two text files with a sentence a line, in which the same line is the same sentence, UTF-8, gzipped or
/// not. That is how the usual preparation of IWSLT-14 leaves its parts (<c>train.de</c> and <c>train.en</c>).
/// </summary>
public sealed class ParallelText
{
    /// <summary>The longest sentence read by default, in words: the limit of the usual preparation of IWSLT-14.</summary>
    public const int DefaultMaxWords = 175;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="pairs">The pairs; at least one.</param>
    /// <param name="name">What to call the text in messages, such as the file that it comes from.</param>
    /// <param name="skipped">What was left out on the way.</param>
    /// <exception cref="L2TException">There is no pair.</exception>
    public ParallelText(IReadOnlyList<SentencePair> pairs, string name = "the text", SkippedPairs skipped = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
            throw new L2TException($"{name} has no pair of sentences (left out: {skipped}). Give other text, or raise the limit of its length.");
        Pairs = pairs;
        Name = name;
        Skipped = skipped;
    }

    /// <summary>The pairs, in the order of the text.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>What the text is called in messages.</summary>
    public string Name { get; }

    /// <summary>What was left out in reading.</summary>
    public SkippedPairs Skipped { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => Pairs.Count;

    /// <summary>The sentences that are translated.</summary>
    public IEnumerable<string> Sources => Pairs.Select(pair => pair.Source);

    /// <summary>Their translations.</summary>
    public IEnumerable<string> Targets => Pairs.Select(pair => pair.Target);

    /// <summary>
    /// Reads two files. Pairs of which a side is empty or has more than <paramref name="maxWords"/> words are left out and counted in
    /// <see cref="Skipped"/>: where a text is for testing, a count above 0 means that figures are not those of the whole set.
    /// </summary>
    /// <param name="sourcePath">The sentences that are translated, one a line.</param>
    /// <param name="targetPath">Their translations, one a line.</param>
    /// <param name="maxWords">The longest sentence kept, in words between spaces.</param>
    /// <exception cref="L2TException">A file is missing or not UTF-8, the two differ in their number of lines, or no pair is left.</exception>
    public static ParallelText Load(string sourcePath, string targetPath, int maxWords = DefaultMaxWords)
    {
        if (maxWords < 1)
            throw new L2TException($"The limit of a sentence's length is {maxWords} words. It must be at least 1.");
        var sources = ReadLines(sourcePath);
        var targets = ReadLines(targetPath);
        if (sources.Count != targets.Count)
        {
            throw new L2TException($"{sourcePath} has {sources.Count} lines, {targetPath} {targets.Count}. Line by line they should be translations of each "
                + "other: give the two files of one set, or prepare them again.");
        }
        var pairs = new List<SentencePair>(sources.Count);
        var (empty, tooLong) = (0, 0);
        for (var i = 0; i < sources.Count; i++)
        {
            var longer = Math.Max(Words(sources[i]), Words(targets[i]));
            if (Words(sources[i]) == 0 || Words(targets[i]) == 0)
                empty++;
            else if (longer > maxWords)
                tooLong++;
            else
                pairs.Add(new SentencePair(sources[i], targets[i]));
        }
        return new ParallelText(pairs, $"{sourcePath} and {Path.GetFileName(targetPath)}", new SkippedPairs(empty, tooLong));
    }

    /// <summary>Writes two files that <see cref="Load"/> reads.</summary>
    /// <param name="sourcePath">Where the sentences that are translated go.</param>
    /// <param name="targetPath">Where their translations go.</param>
    /// <exception cref="L2TException">A sentence has more than one line, or a file cannot be written.</exception>
    public void Save(string sourcePath, string targetPath)
    {
        AtomicFile.Write(sourcePath, Lines(Sources));
        AtomicFile.Write(targetPath, Lines(Targets));
    }

    /// <summary>The words between spaces.</summary>
    internal static int Words(string sentence)
    {
        var words = 0;
        var inside = false;
        foreach (var character in sentence)
        {
            var space = char.IsWhiteSpace(character);
            if (!space && !inside)
                words++;
            inside = !space;
        }
        return words;
    }

    private byte[] Lines(IEnumerable<string> sentences)
    {
        var text = new StringBuilder();
        foreach (var sentence in sentences)
        {
            if (sentence.AsSpan().ContainsAny('\n', '\r'))
                throw new L2TException($"{Name}: the sentence '{sentence}' has a line break. A sentence is one line: replace it by a space.");
            text.Append(sentence).Append('\n');
        }
        return Utf8.GetBytes(text.ToString());
    }

    // Only a line feed ends a line: other separators of Unicode occur within sentences and would shift one side against the other.
    private static List<string> ReadLines(string path)
    {
        ReadOnlySpan<byte> rest = DataFile.ReadAll(path);
        if (rest.StartsWith(Encoding.UTF8.Preamble))
            rest = rest[Encoding.UTF8.Preamble.Length..];
        var lines = new List<string>();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            try
            {
                lines.Add(Utf8.GetString(line).Trim());
            }
            catch (DecoderFallbackException e)
            {
                throw new L2TException($"{path} is not UTF-8: line {lines.Count + 1}, byte {e.Index + 1} of it. Convert the file, or correct that line.", e);
            }
        }
        return lines;
    }
}
