using L2T.Dsl.Tests.Support;
using L2T.Dsl.Translation.Subwords;
using Microsoft.ML.Tokenizers;

namespace L2T.Dsl.Translation.Tests.Subwords;

public sealed class SubwordVocabularyTests : IDisposable
{
    private static readonly string[] Sentences =
    [
        "Wählen Sie Extras – Optionen… und klicken Sie auf »OK«.", "Choose Tools - Options and click OK, OK or OK.", "## 1,000 😀😀 ## ## e\u0301e\u0301",
        "Die Zelle der Tabelle enthält die Formel.", "The cell of the table contains the formula.",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Wählen Sie Extras – Optionen… und klicken Sie auf »OK«.")]
    [InlineData("Die Formel der Formeln, 😀 (ungesehen)? nein: 1,000.")]
    [InlineData("## Zelle## #Zelle e\u0301")]
    [InlineData("")]
    public void Decoding_gives_the_sentence_back(string sentence)
    {
        var vocabulary = SubwordVocabulary.Learn([.. Sentences, "(ungesehen)? nein: ,."], merges: 200, minCharacterCount: 1);

        Assert.Equal(sentence, vocabulary.Decode(vocabulary.Encode(sentence)));
    }

    [Fact]
    public void Spaces_become_one_and_the_mark_is_a_space()
    {
        var vocabulary = Learn();

        Assert.Equal("Die Zelle der Formel", vocabulary.Decode(vocabulary.Encode("  Die \t Zelle▁der\u00a0Formel ")));
        Assert.Empty(vocabulary.Encode(" \u00a0 "));
    }

    [Fact]
    public void Frequent_words_are_one_token_and_unseen_characters_unknown()
    {
        var vocabulary = SubwordVocabulary.Learn(Sentences, merges: 500, minCharacterCount: 1);

        var tokens = vocabulary.Encode("Sie OK Q界");

        Assert.Equal("▁Sie", vocabulary.Token(tokens[0]));
        Assert.Equal("▁OK", vocabulary.Token(tokens[1]));
        Assert.Equal([SubwordVocabulary.Unknown, SubwordVocabulary.Unknown], tokens[^2..]);
        Assert.Equal("Sie OK <unk><unk>", vocabulary.Decode(tokens));
    }

    [Fact]
    public void Special_tokens_come_first_and_are_never_text()
    {
        var vocabulary = SubwordVocabulary.Learn([.. Enumerable.Repeat("<pad> <bos> <eos> <unk>", 20)], merges: 100);

        Assert.Equal(["<pad>", "<bos>", "<eos>", "<unk>"], Enumerable.Range(0, 4).Select(vocabulary.Token));
        Assert.Equal(0, SubwordVocabulary.Pad);
        Assert.DoesNotContain(vocabulary.Encode("<pad> <bos> <eos> <unk><pad>"), token => token <= SubwordVocabulary.Unknown);
        Assert.Equal("<pad> <eos>", vocabulary.Decode(vocabulary.Encode("<pad> <eos>")));
    }

    [Fact]
    public void Decoding_ends_at_the_end_and_passes_over_beginnings_and_padding()
    {
        var vocabulary = Learn();
        var tokens = vocabulary.Encode("Die Zelle");

        Assert.Equal("Die Zelle", vocabulary.Decode([SubwordVocabulary.Bos, .. tokens, SubwordVocabulary.Pad, SubwordVocabulary.Eos, .. tokens]));
    }

    [Fact]
    public void The_order_of_the_sentences_does_not_matter()
    {
        Learn().Save(_folder["a"]);
        SubwordVocabulary.Learn(Sentences.Reverse(), merges: 120, minCharacterCount: 1).Save(_folder["b"]);

        foreach (var file in new[] { "vocab.json", "merges.txt" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["a"], file)), File.ReadAllBytes(Path.Combine(_folder["b"], file)));
    }

    [Fact]
    public void A_saved_vocabulary_is_read_again_and_by_the_tokenizers_own_reader()
    {
        var vocabulary = Learn();
        vocabulary.Save(_folder["vocabulary"]);

        var read = SubwordVocabulary.Load(_folder["vocabulary"]);
        var own = BpeTokenizer.Create(Path.Combine(_folder["vocabulary"], "vocab.json"), Path.Combine(_folder["vocabulary"], "merges.txt"),
            Pieces.PreTokenizer, normalizer: null, specialTokens: null, unknownToken: "<unk>", continuingSubwordPrefix: null, endOfWordSuffix: null,
            fuseUnknownTokens: false);

        Assert.Equal(vocabulary.Size, read.Size);
        foreach (var sentence in Sentences.Append("## ungesehen \"'\\ 界"))
        {
            Assert.Equal(vocabulary.Encode(sentence), read.Encode(sentence));
            Assert.Equal(vocabulary.Encode(sentence), own.EncodeToIds(Pieces.Marked(sentence)));
        }
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        Learn().Save(_folder["v"]);
        var (vocabulary, merges) = (Path.Combine(_folder["v"], "vocab.json"), Path.Combine(_folder["v"], "merges.txt"));
        var (goodVocabulary, goodMerges) = (File.ReadAllText(vocabulary), File.ReadAllText(merges));

        Assert.Contains("line 1", Refused(merges, "Z Z\n", goodMerges));
        Assert.Contains("line 2", Refused(merges, "#version: 0.2\na b c\n", goodMerges));
        Assert.Contains("in JSON", Refused(vocabulary, goodVocabulary[..100], goodVocabulary));
        Assert.Contains("does not start with <pad>", Refused(vocabulary, goodVocabulary.Replace("<pad>", "pad"), goodVocabulary));
        Assert.Contains("taken", Refused(vocabulary, """{"<pad>": 0, "<bos>": 0}""", goodVocabulary));
        Assert.Contains("There is no file", Assert.Throws<L2TException>(() => SubwordVocabulary.Load(_folder["none"])).Message);
    }

    [Fact]
    public void Tokens_and_numbers_out_of_range_are_refused()
    {
        var vocabulary = Learn();

        Assert.Contains($"the vocabulary has {vocabulary.Size}", Assert.Throws<L2TException>(() => vocabulary.Decode([vocabulary.Size])).Message);
        Assert.Throws<L2TException>(() => vocabulary.Token(-1));
        Assert.Throws<L2TException>(() => SubwordVocabulary.Learn(Sentences, merges: -1));
        Assert.Throws<L2TException>(() => SubwordVocabulary.Learn([""], merges: 1));
    }

    private static SubwordVocabulary Learn() => SubwordVocabulary.Learn(Sentences, merges: 120, minCharacterCount: 1);

    private string Refused(string path, string content, string good)
    {
        File.WriteAllText(path, content);
        var message = Assert.Throws<L2TException>(() => SubwordVocabulary.Load(_folder["v"])).Message;
        File.WriteAllText(path, good);
        return message;
    }
}
