using L2T.Dsl.Translation.Baselines;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Scoring;

namespace L2T.Dsl.Translation.Tests.Baselines;

public sealed class WordDictionaryTests
{
    // The pairs of the usual example of IBM model 1: no word alone says what it means, all together do.
    private static readonly ParallelText Books = new([new("das Haus", "the house"), new("das Buch", "the book"), new("ein Buch", "a book")]);

    [Fact]
    public void Words_are_told_apart_by_where_else_they_occur()
    {
        var dictionary = WordDictionary.Learn(Books, iterations: 20);

        Assert.Equal("the book a house Auto !", dictionary.Translate("das Buch ein Haus Auto!"));
        Assert.Equal(4, dictionary.Count);
    }

    [Fact]
    public void One_iteration_counts_words_together()
    {
        // 'Buch' occurs with 'book' twice, with others once, in sentences as long.
        Assert.Equal("book", WordDictionary.Learn(Books, iterations: 1).Translate("Buch"));
    }

    [Fact]
    public void Beats_copying_on_the_sample()
    {
        var (train, test) = (Sample.Split.Train, Sample.Split.Test);
        var dictionary = WordDictionary.Learn(train);

        var copied = Bleu.OfText([.. test.Sources], [.. test.Targets]);
        var translated = Bleu.OfText([.. test.Sources.Select(dictionary.Translate)], [.. test.Targets]);

        Assert.True(translated.Precisions[0] > 1.3 * copied.Precisions[0], $"{translated}, copied {copied}");
    }

    [Fact]
    public void At_least_one_iteration() => Assert.Throws<L2TException>(() => WordDictionary.Learn(Books, iterations: 0));
}
