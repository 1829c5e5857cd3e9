using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using L2T.Dsl.Data;

namespace L2T.Dsl.Translation.Corpora;

/// <summary>The paragraphs and headings of a page of LibreOffice's help that bear a name, which is the same in all languages.</summary>
internal static class HelpPage
{
    private const string Named = "[id^='par_'], [id^='hd_']";
    // Texts for one system or one application, of which a reader sees one: that without a class is for all others.
    private const string Alternatives = ".switchinline, .switch";

    private static readonly HtmlParser Parser = new();

    /// <summary>The texts by name; of a name that occurs twice, the first.</summary>
    public static Dictionary<string, string> Read(string path)
    {
        using var page = Parser.ParseDocument(new MemoryStream(DataFile.ReadAll(path)));
        foreach (var choice in page.QuerySelectorAll(Alternatives))
        {
            var kept = choice.Children.FirstOrDefault(child => string.IsNullOrEmpty(child.ClassName)) ?? choice.FirstElementChild;
            foreach (var other in choice.Children.Where(child => child != kept).ToArray())
                other.Remove();
        }
        foreach (var ending in page.QuerySelectorAll("br").ToArray())
            ending.ReplaceWith(page.CreateTextNode(" "));
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var element in page.QuerySelectorAll(Named))
        {
            // A text with texts of their own names within is none.
            if (element.QuerySelector(Named) is null)
                texts.TryAdd(element.Id!, OneLine(element.TextContent));
        }
        return texts;
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            line.Append(line.Length > 0 ? " " : "").Append(word);
        return line.ToString();
    }
}
