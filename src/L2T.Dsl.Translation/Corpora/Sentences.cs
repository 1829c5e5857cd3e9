using System.Text.RegularExpressions;

namespace L2T.Dsl.Translation.Corpora;

/// <summary>Cuts paragraphs into sentences, German and English.</summary>
internal static partial class Sentences
{
    /// <summary>
    /// The sentences of a paragraph and of its translation, side by side, where both have as many; otherwise the paragraphs as they are: a wrong cut
    /// on one side shows in the numbers.
    /// </summary>
    public static IEnumerable<SentencePair> Pair(string source, string target)
    {
        var (sources, targets) = (End().Split(source), End().Split(target));
        return sources.Length == targets.Length
            ? sources.Zip(targets, (left, right) => new SentencePair(left.Trim(), right.Trim()))
            : [new SentencePair(source, target)];
    }

    // After a mark that ends a sentence, closed or not, and before a capital, opened or not; not after ordinals, initials and common abbreviations.
    [GeneratedRegex("""(?<=[.!?…][")»«“”’]?)(?<!\b(?:\p{L}|\p{N}{1,2}|bzw|usw|etc|Nr|vgl|ggf|evtl|Abb|vs|No|Fig)\.)\s+(?=["(»«„“‘]?\p{Lu})""")]
    private static partial Regex End();
}
