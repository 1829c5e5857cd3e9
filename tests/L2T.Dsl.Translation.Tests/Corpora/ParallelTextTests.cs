using System.IO.Compression;
using System.Text;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Translation.Corpora;

namespace L2T.Dsl.Translation.Tests.Corpora;

public sealed class ParallelTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_pairs()
    {
        var text = ParallelText.Load(Write("train.de", "Guten Tag\nDas Öl\u2028brennt\r\nLetzte"), Write("train.en", "\uFEFFGood day\nthe oil burns\n last \n"));

        Assert.Equal([new("Guten Tag", "Good day"), new("Das Öl\u2028brennt", "the oil burns"), new("Letzte", "last")], text.Pairs);
        Assert.Equal(0, text.Skipped.Total);
    }

    [Fact]
    public void Gzipped_files_are_read_too()
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress))
            zip.Write("eins\nzwei\n"u8);

        Assert.Equal(["eins", "zwei"], ParallelText.Load(_folder.Write("a.gz", zipped.ToArray()), Write("b", "one\ntwo\n")).Sources);
    }

    [Fact]
    public void Empty_and_long_sentences_are_left_out_and_counted()
    {
        var text = ParallelText.Load(Write("a", "ja\n\n \t\nzu viele Wörter hier\ngut so jetzt\n"), Write("b", "yes\nno\nno\nfew\n too  many words here\n"), maxWords: 3);

        Assert.Equal([new("ja", "yes")], text.Pairs);
        Assert.Equal(new SkippedPairs(Empty: 2, TooLong: 2), text.Skipped);
        Assert.Equal("2 empty, 2 too long", text.Skipped.ToString());
    }

    [Fact]
    public void A_sentence_of_just_the_limit_stays() => Assert.Equal(1, ParallelText.Load(Write("a", "a b c"), Write("b", "a"), maxWords: 3).Count);

    [Fact]
    public void Unequal_line_counts_are_refused()
    {
        var fault = Assert.Throws<L2TException>(() => ParallelText.Load(Write("train.de", "a\nb\nc\n"), Write("train.en", "a\nb\n")));

        Assert.Contains("train.de has 3 lines", fault.Message);
        Assert.Contains("train.en 2.", fault.Message);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_with_their_line()
    {
        // 'für' in Latin-1.
        var latin = _folder.Write("train.de", [.. "gut\n"u8, (byte)'f', 0xFC, (byte)'r', (byte)'\n']);

        var fault = Assert.Throws<L2TException>(() => ParallelText.Load(latin, Write("train.en", "good\nfor\n")));

        Assert.Contains("train.de is not UTF-8: line 2, byte 2", fault.Message);
    }

    [Fact]
    public void Nothing_left_and_missing_files_are_refused()
    {
        Assert.Contains("1 empty", Assert.Throws<L2TException>(() => ParallelText.Load(Write("a", "\n"), Write("b", "\n"))).Message);
        Assert.Contains("There is no file", Assert.Throws<L2TException>(() => ParallelText.Load(_folder["none.de"], Write("b", "b\n"))).Message);
        Assert.Contains("at least 1", Assert.Throws<L2TException>(() => ParallelText.Load(Write("a", "a"), Write("b", "b"), maxWords: 0)).Message);
    }

    [Fact]
    public void A_split_is_read_as_it_was_written()
    {
        var split = new ParallelSplit(Text("Öl", "oil"), Text("Tag", "day"), Text("gut", "good"));

        split.Save(_folder["set"]);
        var read = ParallelSplit.Load(_folder["set"]);

        Assert.Equal(["test.de", "test.en", "train.de", "train.en", "valid.de", "valid.en"],
            Directory.GetFiles(_folder["set"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(split.Train.Pairs, read.Train.Pairs);
        Assert.Equal(split.Valid.Pairs, read.Valid.Pairs);
        Assert.Equal(split.Test.Pairs, read.Test.Pairs);
    }

    [Fact]
    public void A_sentence_with_a_line_break_cannot_be_written() =>
        Assert.Contains("line break", Assert.Throws<L2TException>(() => Text("a\nb", "c").Save(_folder["a"], _folder["b"])).Message);

    private static ParallelText Text(string source, string target) => new([new(source, target)]);

    private string Write(string name, string text) => _folder.Write(name, Encoding.UTF8.GetBytes(text));
}
