using System.Text.RegularExpressions;

namespace L2T.Dsl.Translation.Scoring;

/// <summary>
/// The words of a sentence by the rules of mteval-v13a (NIST 2009) as sacreBLEU reads them (Post 2018): entities are replaced, symbols stand
/// alone, periods and commas too unless between digits, and so does a hyphen after a digit.
/// </summary>
public static partial class Mteval13a
{
    /// <summary>The words of <paramref name="sentence"/>.</summary>
    public static string[] Tokenize(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var text = sentence.TrimEnd().Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        text = Symbol().Replace($" {text} ", " $1 ");
        text = PointAfterOther().Replace(text, "$1 $2 ");
        text = PointBeforeOther().Replace(text, " $1 $2");
        text = HyphenAfterDigit().Replace(text, "$1 $2 ");
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"([{-~\[-` -&(-+:-@/])")]
    private static partial Regex Symbol();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex PointAfterOther();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex PointBeforeOther();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
