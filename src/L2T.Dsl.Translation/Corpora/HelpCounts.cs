namespace L2T.Dsl.Translation.Corpora;

/// <summary>What became of the pages of <see cref="LibreOfficeHelp"/>.</summary>
/// <param name="Pages">Pages that are there in both languages.</param>
/// <param name="Paragraphs">Paragraphs of the same name on the same page, in both languages.</param>
/// <param name="UniqueParagraphs">Those of which both texts are not on an earlier page.</param>
/// <param name="Sentences">Pairs of sentences cut from them.</param>
/// <param name="Length">Pairs left out because a side has too few or too many words.</param>
/// <param name="Ratio">Pairs left out because a side has more than twice the words of the other.</param>
/// <param name="Same">Pairs left out because nothing is translated.</param>
/// <param name="Repeated">Pairs left out because their source is the source of an earlier one, of whichever part.</param>
public sealed record HelpCounts(int Pages, int Paragraphs, int UniqueParagraphs, int Sentences, int Length, int Ratio, int Same, int Repeated)
{
    /// <summary>The pairs of all parts.</summary>
    public int Kept => Sentences - Length - Ratio - Same - Repeated;
}
