using L2T.Dsl;
using L2T.Dsl.Data;

namespace L2T.Experiments.FashionMnist;

/// <summary>The pictures of Fashion-MNIST, and what they are cut into.</summary>
public sealed class FashionPictures : IDisposable
{
    private const int HeldOut = 1_000;

    private readonly LabelledData _images;
    private readonly LabelledData _test;
    private readonly Dictionary<(int Train, int Dev), DataSplit> _splits = [];

    /// <param name="folder">Where the four files are.</param>
    /// <exception cref="L2TException">One is missing or damaged.</exception>
    public FashionPictures(string folder)
    {
        _images = IdxReader.Load(At("train-images-idx3-ubyte.gz"), At("train-labels-idx1-ubyte.gz"));
        _test = IdxReader.Load(At("t10k-images-idx3-ubyte.gz"), At("t10k-labels-idx1-ubyte.gz"));

        string At(string file) => File.Exists(Path.Combine(folder, file))
            ? Path.Combine(folder, file)
            : throw new L2TException($"{Path.Combine(folder, file)} is missing. Get it with './build.sh fetch fashion-mnist'.");
    }

    /// <summary>Pictures to train on and for development, 1,000 held out, and all 10,000 to test; the same ones for the same numbers.</summary>
    /// <exception cref="L2TException">There are not so many.</exception>
    public DataSplit Split(int train, int dev)
    {
        // The trials of a sweep run at once, and share what they can.
        lock (_splits)
        {
            if (!_splits.TryGetValue((train, dev), out var split))
                _splits[(train, dev)] = split = DataSplit.Shuffled(_images, _test, train, dev, seed: 1, HeldOut);
            return split;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var split in _splits.Values)
        {
            split.Train.Dispose();
            split.Dev.Dispose();
            split.HeldOut!.Dispose();
        }
        _images.Dispose();
        _test.Dispose();
    }
}
