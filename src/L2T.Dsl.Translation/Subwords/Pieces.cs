using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace L2T.Dsl.Translation.Subwords;

/// <summary>
/// The pieces of a sentence that no merge goes beyond: words, numbers and runs of symbols, each with the mark of the space before it, so that
/// the pieces one after the other are the sentence again (Kudo and Richardson 2018).
/// </summary>
internal static partial class Pieces
{
    /// <summary>Stands for a space; in a sentence itself it is taken for one.</summary>
    public const char Space = '\u2581';

    /// <summary>Cuts what <see cref="Marked"/> returns.</summary>
    public static PreTokenizer PreTokenizer { get; } = new RegexPreTokenizer(Piece(), specialTokens: null);

    /// <summary>The sentence with a mark before each word and no spaces; nothing of it is left where it has no words.</summary>
    public static string Marked(string sentence)
    {
        var words = sentence.Replace(Space, ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select(word => Space + word));
    }

    /// <summary>The pieces of a marked sentence.</summary>
    public static IEnumerable<string> Of(string marked) => Piece().Matches(marked).Select(match => match.Value);

    // Every character is in a piece: a mark is followed by one of the other kinds. Letters with their combining marks.
    [GeneratedRegex(@"\u2581?[\p{L}\p{M}]+|\u2581?\p{N}+|\u2581?[^\u2581\p{L}\p{M}\p{N}]+|\u2581")]
    private static partial Regex Piece();
}
