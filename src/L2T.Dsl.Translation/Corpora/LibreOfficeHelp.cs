using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using L2T.Dsl.Translation.Scoring;

namespace L2T.Dsl.Translation.Corpora;

/// <summary>
/// German and English sentences from the help of LibreOffice (MPL-2.0, some parts Apache-2.0), as <c>fetch libreoffice-help</c> leaves it:
/// pages in <c>de/text</c> and <c>en-US/text</c>, in which paragraphs of the same page and name are translations of each other. In place of
/// IWSLT-14: text of manuals, not of talks, a fifth of its size, and its figures are not comparable.
/// </summary>
public static class LibreOfficeHelp
{
    private const int MinWords = 5;
    private const int MaxWords = 50;
    private const int MaxRatio = 2;
    // Of 100 pages.
    private const int TestPages = 5;
    private const int ValidPages = 5;

    /// <summary>
    /// Extracts the sentences and splits them by page: 5 % of the pages are for validation, 5 % for testing, by a digest of the page's name, so that a page
    /// stays where it is when others come or go. No sentence is in two parts: of those with the same German text the first, by page, is kept.
    /// Pairs of 5 to 50 words (as <see cref="Mteval13a"/> cuts them) a side are kept, neither side with more than twice the words of the other.
    /// </summary>
    /// <param name="folder">The folder with <c>de</c> and <c>en-US</c>.</param>
    /// <exception cref="L2TException">A page is missing or cannot be read, or a part has no pair.</exception>
    public static HelpText Load(string folder)
    {
        var (german, english) = (Path.Combine(folder, "de", "text"), Path.Combine(folder, "en-US", "text"));
        var pages = Pages(german).Intersect(Pages(english), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (pages.Count == 0)
            throw new L2TException($"{german} and {english} have no page in common. Fetch the help of LibreOffice: ./build.sh fetch libreoffice-help.");
        var parts = new Dictionary<Part, List<SentencePair>> { [Part.Train] = [], [Part.Valid] = [], [Part.Test] = [] };
        var paragraphs = new HashSet<SentencePair>();
        var sources = new HashSet<string>(StringComparer.Ordinal);
        var counts = new HelpCounts(pages.Count, 0, 0, 0, 0, 0, 0, 0);
        foreach (var page in pages)
        {
            var (left, right) = (HelpPage.Read(Path.Combine(german, page)), HelpPage.Read(Path.Combine(english, page)));
            foreach (var (name, source) in left.Where(paragraph => right.ContainsKey(paragraph.Key)))
            {
                counts = counts with { Paragraphs = counts.Paragraphs + 1 };
                if (!paragraphs.Add(new SentencePair(source, right[name])))
                    continue;
                counts = counts with { UniqueParagraphs = counts.UniqueParagraphs + 1 };
                foreach (var pair in Sentences.Pair(source, right[name]))
                {
                    if (Keeps(pair, sources, ref counts))
                        parts[PartOf(page)].Add(pair);
                }
            }
        }
        return new HelpText(new ParallelSplit(Text(Part.Train), Text(Part.Valid), Text(Part.Test)), counts);

        ParallelText Text(Part part) => new(parts[part], $"the {part.ToString().ToLowerInvariant()} part of LibreOffice's help");
    }

    private static bool Keeps(SentencePair pair, HashSet<string> sources, ref HelpCounts counts)
    {
        counts = counts with { Sentences = counts.Sentences + 1 };
        var (left, right) = (Mteval13a.Tokenize(pair.Source).Length, Mteval13a.Tokenize(pair.Target).Length);
        var (fewer, more) = (Math.Min(left, right), Math.Max(left, right));
        if (fewer < MinWords || more > MaxWords)
            counts = counts with { Length = counts.Length + 1 };
        else if (more > MaxRatio * fewer)
            counts = counts with { Ratio = counts.Ratio + 1 };
        else if (pair.Source == pair.Target)
            counts = counts with { Same = counts.Same + 1 };
        else if (!sources.Add(pair.Source))
            counts = counts with { Repeated = counts.Repeated + 1 };
        else
            return true;
        return false;
    }

    private static IEnumerable<string> Pages(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"The pages under {folder} cannot be read: {e.Message} Fetch the help of LibreOffice: ./build.sh fetch libreoffice-help.", e);
        }
    }

    private static Part PartOf(string page) => Percentile(page) switch
    {
        < TestPages => Part.Test,
        < TestPages + ValidPages => Part.Valid,
        _ => Part.Train,
    };

    private static int Percentile(string page) => BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(page))) * 100 >> 16;

    private enum Part
    {
        Train,
        Valid,
        Test,
    }
}
