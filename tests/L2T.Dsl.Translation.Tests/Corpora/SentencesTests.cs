using L2T.Dsl.Translation.Corpora;

namespace L2T.Dsl.Translation.Tests.Corpora;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("Das ist gut. Sie sehen es! (Oder?) Ja.", "That is good. You see it! (Or?) Yes.", 4)]
    [InlineData("Siehe z. B. Zelle A. 1. Schritt, Nr. 5 usw. Ende.", "See e.g. Cell A. 1. Step, No. 5 etc. End.", 1)]
    [InlineData("Ein Satz. Noch einer.", "One sentence, not two.", 1)]
    [InlineData("Er sagt: »Ja.« »Nein.«", "He says: \"Yes.\" \"No.\"", 2)]
    [InlineData("Version 7.4 von calc.xml ist da… Prima", "Version 7.4 of calc.xml is here… Fine", 2)]
    public void Sentences_are_cut_where_both_sides_have_as_many(string source, string target, int expected)
    {
        var pairs = Sentences.Pair(source, target).ToList();

        Assert.Equal(expected, pairs.Count);
        Assert.Equal(source, string.Join(' ', pairs.Select(pair => pair.Source)));
        Assert.Equal(target, string.Join(' ', pairs.Select(pair => pair.Target)));
    }
}
