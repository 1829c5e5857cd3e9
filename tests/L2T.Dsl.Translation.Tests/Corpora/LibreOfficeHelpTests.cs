using System.Text;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Translation.Corpora;

namespace L2T.Dsl.Translation.Tests.Corpora;

public sealed class LibreOfficeHelpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Paragraphs_of_the_same_name_are_pairs()
    {
        WritePages(page =>
        (
            $"""
            <p>Ohne Namen bleibt alles weg, auch hier.</p><h1 id="hd_id1"><a name="x"></a>Die Überschrift der Seite {page}<br>nennt sie</h1>
            <div class="note"><p id="par_id2" class="paragraph">Das   Zeichen &lt; steht
             <span class="emph">auf Seite</span>&nbsp;{page} allein.</p></div><p id="par_id3">Nur auf Deutsch steht dieser Satz hier.</p>
            """,
            $"""
            <h1 id="hd_id1">The heading of page {page}<br>gives its name</h1>
            <p id="par_id2">The sign &lt; stands alone on page {page}.</p><p id="par_id4">Only in English is there this sentence.</p>
            """));

        var help = LibreOfficeHelp.Load(_folder["help"]);
        var pairs = All(help).ToList();

        Assert.Equal(2 * PageCount, pairs.Count);
        Assert.Contains(new SentencePair("Die Überschrift der Seite 7 nennt sie", "The heading of page 7 gives its name"), pairs);
        Assert.Contains(new SentencePair("Das Zeichen < steht auf Seite 7 allein.", "The sign < stands alone on page 7."), pairs);
        Assert.Equal(new HelpCounts(PageCount, 2 * PageCount, 2 * PageCount, 2 * PageCount, 0, 0, 0, 0), help.Counts);
    }

    [Fact]
    public void Of_texts_for_several_systems_the_common_one_is_taken()
    {
        WritePages(page =>
        (
            $"""
            <p id="par_id1">Drücken Sie <span class="switchinline"><span hidden="true" class="MAC">Befehl</span><span hidden="true">Strg</span></span>+Z auf Seite {page}.</p>
            """,
            $"""
            <p id="par_id1">Press <span class="switchinline"><span class="MAC">Command</span><span class="UNIX">Alt</span></span>+Z on page {page}.</p>
            """));

        Assert.Contains(new SentencePair("Drücken Sie Strg+Z auf Seite 3.", "Press Command+Z on page 3."), All(LibreOfficeHelp.Load(_folder["help"])));
    }

    [Fact]
    public void What_is_no_use_is_left_out_and_counted()
    {
        WritePages(page =>
        (
            $"""
            <p id="par_id1">Diese Seite hat die Nummer {page}.</p><p id="par_id2">Zu kurz</p><p id="par_id3">a b c d e f g</p><p id="par_id4">eins zwei drei vier fünf</p>
            <p id="par_id5">Dieser Satz steht auf allen Seiten.</p><p id="par_id6">Dieser Satz wird jedesmal anders übersetzt.</p>
            """,
            $"""
            <p id="par_id1">This page has the number {page}.</p><p id="par_id2">Too short</p><p id="par_id3">a b c d e f g</p>
            <p id="par_id4">one two three four five, and then six and seven</p>
            <p id="par_id5">This sentence is on all pages.</p><p id="par_id6">This sentence is translated anew on {page}.</p>
            """));

        var help = LibreOfficeHelp.Load(_folder["help"]);

        // Paragraphs 2 to 5 are the same on all pages; 6 has one German text.
        Assert.Equal(
            new HelpCounts(PageCount, 6 * PageCount, (2 * PageCount) + 4, (2 * PageCount) + 4, Length: 1, Ratio: 1, Same: 1, Repeated: PageCount - 1), help.Counts);
        Assert.Equal(help.Counts.Kept, All(help).Count());
    }

    [Fact]
    public void A_page_stays_in_its_part_when_others_go()
    {
        WritePages(page => ($"<p id='par_id1'>Diese Seite hat die Nummer {page}.</p>", $"<p id='par_id1'>This page has the number {page}.</p>"));
        var before = LibreOfficeHelp.Load(_folder["help"]).Split;
        for (var page = 0; page < PageCount; page += 3)
            File.Delete(PathOf("de", page));
        var after = LibreOfficeHelp.Load(_folder["help"]).Split;

        Assert.Subset(before.Train.Pairs.ToHashSet(), after.Train.Pairs.ToHashSet());
        Assert.Subset(before.Valid.Pairs.ToHashSet(), after.Valid.Pairs.ToHashSet());
        Assert.Subset(before.Test.Pairs.ToHashSet(), after.Test.Pairs.ToHashSet());
        Assert.InRange(before.Valid.Count, 1, PageCount / 8);
        Assert.InRange(before.Test.Count, 1, PageCount / 8);
    }

    [Fact]
    public void Missing_pages_are_said()
    {
        var fault = Assert.Throws<L2TException>(() => LibreOfficeHelp.Load(_folder["none"]));

        Assert.Contains("./build.sh fetch libreoffice-help", fault.Message);
    }

    [Fact]
    public void The_sample_is_in_the_form_that_is_read()
    {
        var sample = Sample.Split;

        Assert.Equal((220, 40, 40), (sample.Train.Count, sample.Valid.Count, sample.Test.Count));
        Assert.Empty(sample.Train.Sources.Intersect(sample.Test.Sources));
        Assert.Equal(0, sample.Train.Skipped.Total + sample.Valid.Skipped.Total + sample.Test.Skipped.Total);
    }

    private const int PageCount = 100;

    private static IEnumerable<SentencePair> All(HelpText help) => help.Split.Train.Pairs.Concat(help.Split.Valid.Pairs).Concat(help.Split.Test.Pairs);

    private void WritePages(Func<int, (string German, string English)> page)
    {
        for (var number = 0; number < PageCount; number++)
        {
            var (german, english) = page(number);
            Write(PathOf("de", number), german);
            Write(PathOf("en-US", number), english);
        }
    }

    private string PathOf(string language, int page) => Path.Combine(_folder["help"], language, "text", $"part{page % 2}", $"page{page}.html");

    private static void Write(string path, string body)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"<!DOCTYPE html><html><head><meta charset='utf-8'><title>t</title></head><body>{body}</body></html>", Encoding.UTF8);
    }
}
