using L2T.Dsl;
using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Experiments.Digits;

/// <summary>
/// The examples of the demo: a pool from which every repetition draws its training and development examples, and test examples, the same for
/// all. Of a CSV file of digits, which has no test set of its own, the last quarter is the test set: other writers than before.
/// </summary>
internal sealed class DemoData : IDisposable
{
    private readonly LabelledData _pool;
    private readonly LabelledData _test;
    private readonly int _train;
    private readonly int _dev;
    private readonly int _heldOut;
    private readonly double _labelNoise;

    private DemoData(string title, LabelledData pool, LabelledData test, int train, int dev, double labelNoise)
    {
        Title = title;
        _pool = pool;
        _test = test;
        _train = train;
        _heldOut = dev / 4;
        _dev = dev - _heldOut;
        _labelNoise = labelNoise;
    }

    /// <summary>What the data is.</summary>
    public string Title { get; }

    /// <summary>How many examples are for what.</summary>
    public string Sizes =>
        $"{_train} training{(_labelNoise > 0 ? FormattableString.Invariant($" (labels {100 * _labelNoise:G3} % wrong)") : "")}, "
        + $"{_dev} development, {_heldOut} held-out, {_test.Count} test examples";

    /// <summary>Pixels of a picture.</summary>
    public int Pixels => (int)_pool.InputShape[0];

    /// <summary>Reads what the settings ask for.</summary>
    /// <exception cref="L2TException">A file is missing or damaged.</exception>
    public static DemoData Load(DemoSettings settings)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Data");
        return settings.Data switch
        {
            "fashion" => Idx("Fashion-MNIST at 14x14 pixels", Path.Combine(folder, "fashion-mnist-14x14-"), settings),
            "digits" => Csv("Handwritten digits at 8x8 pixels", Path.Combine(folder, "digits.csv.gz"), settings),
            var path when Directory.Exists(path) => Idx(path, Path.Join(path, "/"), settings),
            var path => Csv(path, path, settings),
        };
    }

    /// <summary>A repetition's own draw of training, development and held-out examples, which the caller disposes, beside the test set, which stays here.</summary>
    /// <exception cref="L2TException">There are too few examples.</exception>
    public DataSplit Draw(int seed)
    {
        var split = DataSplit.Shuffled(_pool, _test, _train, _dev, (uint)seed, _heldOut);
        if (_labelNoise == 0)
            return split;
        using var clean = split.Train;
        return new DataSplit(WithWrongLabels(clean, seed), split.Dev, split.Test, split.HeldOut);
    }

    public void Dispose()
    {
        _pool.Dispose();
        _test.Dispose();
    }

    private static DemoData Idx(string title, string prefix, DemoSettings settings)
    {
        var pool = Part("train");
        try
        {
            return new DemoData(title, pool, Part("t10k"), settings.Train ?? 3000, settings.Dev ?? 3000, settings.LabelNoise);
        }
        catch
        {
            pool.Dispose();
            throw;
        }

        LabelledData Part(string name) => IdxReader.Load($"{prefix}{name}-images-idx3-ubyte.gz", $"{prefix}{name}-labels-idx1-ubyte.gz");
    }

    private static DemoData Csv(string title, string path, DemoSettings settings)
    {
        using var all = DigitsCsv.Load(path);
        var ahead = all.Count - all.Count / 4;
        return new DemoData(
            title, all.Select(Range(0, ahead)), all.Select(Range(ahead, all.Count)), settings.Train ?? 450, settings.Dev ?? 898, settings.LabelNoise);

        static long[] Range(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => (long)i)];
    }

    // Mistakes as of people who take one class for another: c becomes c + 1. Whoever labels knows nothing of it.
    private LabelledData WithWrongLabels(LabelledData clean, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((uint)seed);
        var wrong = rand(clean.Labels.shape, generator: generator) < _labelNoise;
        var labels = where(wrong, (clean.Labels + 1).remainder(clean.Classes), clean.Labels);
        return new LabelledData(clean.Inputs, labels, clean.Classes, clean.Name);
    }
}
