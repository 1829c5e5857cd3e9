using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Sentences of random words and lengths, with a translation each, as the translators of the library take them.</summary>
/// <param name="SourceWords">The words of the source language.</param>
/// <param name="TargetWords">The words of the target language.</param>
/// <param name="SourceLength">The words of a source sentence, with its padding.</param>
/// <param name="TargetLength">The words of a target sentence, with its padding.</param>
internal sealed record Sentences(int SourceWords, int TargetWords, int SourceLength, int TargetLength)
{
    /// <summary>Draws inputs [n, SourceLength + TargetLength] and labels [n, TargetLength]; the first pair fills its places, the second has one word each.</summary>
    public (Tensor Inputs, Tensor Labels) Draw(Generator generator, long n)
    {
        var source = Padded(SourceWords, SourceLength, generator, n);
        var target = Padded(TargetWords, TargetLength, generator, n);

        // What stands before each place: the word that begins all sentences, and the words so far.
        var before = cat([ones([n, 1], dtype: int64), target[.., ..^1]], 1) * target.ne(0);
        return (cat([source, before], 1), target);
    }

    /// <summary>Sentences for training, development and test.</summary>
    public DataSplit Split(int train, int dev, int test)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var (inputs, labels) = Draw(generator, train + dev + test);
        using var all = new LabelledData(inputs, labels, TargetWords) { Padding = 0 };
        return DataSplit.InOrder(all, train, dev, test);
    }

    private static Tensor Padded(int words, int length, Generator generator, long n)
    {
        var lengths = randint(1, length + 1, n, dtype: int64, generator: generator);
        lengths[0] = length;
        lengths[1] = 1;
        var drawn = randint(1, words, [n, length], dtype: int64, generator: generator);
        return drawn * arange(length).unsqueeze(0).lt(lengths.unsqueeze(1));
    }
}
