using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Experiments.Common;

namespace L2T.Experiments.Cifar;

/// <summary>The pictures of CIFAR-10. They are read when the <see cref="Split"/> is first asked for: help needs none.</summary>
/// <param name="folder">Where the six files are.</param>
public sealed class CifarPictures(string folder) : IDisposable
{
    private const int Dev = 5_000;

    // The trials of a sweep run at once, and share it.
    private readonly Lazy<DataSplit> _split = new(() => Load(
        new DataFolder(folder, $"Put the files of CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html) into {folder}.")));

    /// <summary>5,000 pictures for development, or a tenth where there are few, the others to train on, and the files' own to test.</summary>
    /// <exception cref="L2TException">A file is missing or damaged.</exception>
    public DataSplit Split => _split.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_split.IsValueCreated)
            return;
        Split.Train.Dispose();
        Split.Dev.Dispose();
        Split.Test.Dispose();
    }

    private static DataSplit Load(DataFolder folder)
    {
        using var images = CifarReader.LoadCifar10([.. Enumerable.Range(1, 5).Select(i => folder[$"data_batch_{i}.bin"])]);
        var dev = Math.Min(Dev, images.Count / 10);
        return DataSplit.Shuffled(images, CifarReader.LoadCifar10(folder["test_batch.bin"]), images.Count - dev, dev, seed: 1);
    }
}
