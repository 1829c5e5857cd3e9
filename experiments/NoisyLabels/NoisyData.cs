using L2T.Dsl;
using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Experiments.NoisyLabels;

/// <summary>One seed's examples: training examples with uniform label noise, clean development examples, clean test examples.</summary>
internal sealed class NoisyData : IDisposable
{
    private readonly LabelledData _clean;

    private NoisyData(DataSplit clean, double noise, ulong seed)
    {
        _clean = clean.Train;
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        // A class drawn from all, the right one too (Shu et al. 2019, section 4.2): of 10 classes, a tenth of the drawn labels stays right.
        var drawn = rand(_clean.Labels.shape, generator: generator) < noise;
        var labels = where(drawn, randint(_clean.Classes, _clean.Labels.shape, dtype: ScalarType.Int64, generator: generator), _clean.Labels);
        Split = new DataSplit(new LabelledData(_clean.Inputs, labels, _clean.Classes, _clean.Name), clean.Dev, clean.Test);
        IsClean = [.. labels.eq(_clean.Labels).data<bool>().ToArray()];
    }

    /// <summary>The examples.</summary>
    public DataSplit Split { get; }

    /// <summary>Of each training example, whether its label is right.</summary>
    public IReadOnlyList<bool> IsClean { get; }

    /// <summary>Draws a seed's examples.</summary>
    /// <exception cref="L2TException">A file is missing or damaged, or there are too few examples.</exception>
    public static NoisyData Draw(NoisySettings settings, int seed)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Data");
        if (settings.Data == "digits")
        {
            // The last quarter are other writers.
            using var all = DigitsCsv.Load(Path.Combine(folder, "digits.csv.gz"));
            var ahead = all.Count - all.Count / 4;
            using var digits = all.Select(Range(0, ahead));
            return Noisy(digits, all.Select(Range(ahead, all.Count)));
        }
        using var pool = Part("train");
        return Noisy(pool, Part("t10k"));

        // The split does not copy the test examples.
        NoisyData Noisy(LabelledData pool, LabelledData test) =>
            new(DataSplit.Shuffled(pool, test, settings.Train, settings.Dev, (ulong)seed), settings.Noise, (ulong)seed);

        LabelledData Part(string name)
        {
            var prefix = Path.Combine(folder, $"fashion-mnist-14x14-{name}");
            return IdxReader.Load($"{prefix}-images-idx3-ubyte.gz", $"{prefix}-labels-idx1-ubyte.gz");
        }

        static long[] Range(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => (long)i)];
    }

    public void Dispose()
    {
        _clean.Dispose();
        Split.Train.Dispose();
        Split.Dev.Dispose();
        Split.Test.Dispose();
    }
}
