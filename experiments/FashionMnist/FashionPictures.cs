using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Experiments.Common;

namespace L2T.Experiments.FashionMnist;

/// <summary>The pictures of Fashion-MNIST, and what they are cut into. They are read at the first <see cref="Split"/>: help needs none.</summary>
/// <param name="folder">Where the four files are.</param>
public sealed class FashionPictures(string folder) : IDisposable
{
    private const int HeldOut = 1_000;

    private readonly DataFolder _folder = new(folder, "Get it with './build.sh fetch fashion-mnist'.");
    private readonly Dictionary<(int Train, int Dev), DataSplit> _splits = [];
    private LabelledData? _images;
    private LabelledData? _test;

    /// <summary>Pictures to train on and for development, 1,000 held out, and all 10,000 to test; the same ones for the same numbers.</summary>
    /// <exception cref="L2TException">There are not so many, or a file is missing or damaged.</exception>
    public DataSplit Split(int train, int dev)
    {
        // The trials of a sweep run at once, and share what they can.
        lock (_splits)
        {
            if (!_splits.TryGetValue((train, dev), out var split))
            {
                _images ??= Load("train");
                _test ??= Load("t10k");
                _splits[(train, dev)] = split = DataSplit.Shuffled(_images, _test, train, dev, seed: 1, HeldOut);
            }
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
        _images?.Dispose();
        _test?.Dispose();
    }

    private LabelledData Load(string part) => IdxReader.Load(_folder[$"{part}-images-idx3-ubyte.gz"], _folder[$"{part}-labels-idx1-ubyte.gz"]);
}
