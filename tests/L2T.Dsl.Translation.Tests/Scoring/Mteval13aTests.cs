using L2T.Dsl.Translation.Scoring;

namespace L2T.Dsl.Translation.Tests.Scoring;

public sealed class Mteval13aTests
{
    // What sacreBLEU (commit f615c72) cuts these sentences into.
    [Theory]
    [InlineData("Hello, world! (it's 3.5 or 1,000-2 e.g. so-so.)", "Hello , world ! ( it's 3.5 or 1,000 - 2 e . g . so-so . )")]
    [InlineData("Quote &quot;a&quot; &amp;lt; &lt;b&gt;", "Quote \" a \" < < b >")]
    [InlineData("  Strg+Z <skipped>und\t\u00a0mehr...  ", "Strg + Z und mehr . . .")]
    [InlineData("10.-12. Mai, 5%: [x] {y} ~z a_b c:d/e", "10 . -12 . Mai , 5 % : [ x ] { y } ~ z a _ b c : d / e")]
    [InlineData("Ein Zeilen-\numbruch\nhier – ‚so‘ 😀.", "Ein Zeilenumbruch hier – ‚so‘ 😀 .")]
    [InlineData("", "")]
    public void Cuts_as_sacrebleu(string sentence, string expected) => Assert.Equal(expected, string.Join(' ', Mteval13a.Tokenize(sentence)));
}
