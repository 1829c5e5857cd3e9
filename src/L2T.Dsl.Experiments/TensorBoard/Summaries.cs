using BigGustave;
using Google.Protobuf;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using Tensorboard;

namespace L2T.Dsl.Experiments.TensorBoard;

/// <summary>What event files say of trainings.</summary>
internal static class Summaries
{
    private const int Buckets = 64;
    private const int Rgb = 3;
    // TensorBoard shows a picture by its own pixels; larger ones than a screen are of no use.
    private const int PictureSide = 96;
    private const int LargestSide = 1024;

    /// <summary>An episode: its figures, and where the elements of each coefficient lay over the steps that were looked at.</summary>
    public static Summary Episode(EpisodeRecord record, IReadOnlyList<CoefficientSnapshot> coefficients)
    {
        var summary = new Summary();
        Add(summary, "metric", record.Metric);
        Add(summary, "dev_error", record.DevError);
        if (record.HeldOutError is { } heldOut)
            Add(summary, "held_out_error", heldOut);
        Add(summary, "train_loss", record.TrainLoss);
        Add(summary, "gradient_norm", record.GradientNorm);
        Add(summary, "teacher_learning_rate", record.TeacherLearningRate);
        if (coefficients.Count == 0)
            return summary;
        foreach (var slot in coefficients[0].Values.Layout)
            Add(summary, $"coefficients/{slot.Name}", Histogram([.. coefficients.SelectMany(snapshot => snapshot.Values[slot.Name].ToArray())]));
        return summary;
    }

    /// <summary>A point of a student's training.</summary>
    public static Summary Point(TrainingPoint point)
    {
        var summary = new Summary();
        Add(summary, "train_loss", point.TrainLoss);
        if (point.TrainAccuracy is { } accuracy)
            Add(summary, "train_accuracy", accuracy);
        Add(summary, "dev_error", point.DevError);
        return summary;
    }

    /// <summary>The coefficients Phi_t at a step: a histogram of each and, where it has two dimensions or one, a heat-map.</summary>
    /// <param name="snapshot">Phi_t.</param>
    /// <param name="ranges">The largest magnitude of each coefficient in the whole training, which has the full colour.</param>
    public static Summary Coefficients(CoefficientSnapshot snapshot, IReadOnlyDictionary<string, double> ranges)
    {
        var summary = new Summary();
        foreach (var slot in snapshot.Values.Layout)
        {
            var values = snapshot.Values[slot.Name];
            Add(summary, $"coefficients/{slot.Name}", Histogram(values.ToArray()));
            if (Picture(slot, values, ranges[slot.Name]) is { } picture)
                summary.Value.Add(new Summary.Types.Value { Tag = $"phi/{slot.Name}", Image = picture });
        }
        return summary;
    }

    /// <summary>The distribution of <paramref name="values"/> in buckets of one width from the least to the largest. What is not finite is left out.</summary>
    public static HistogramProto Histogram(double[] values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var histogram = new HistogramProto();
        if (finite.Length == 0)
            return histogram;
        var (low, high) = (finite.Min(), finite.Max());
        var count = high > low ? Buckets : 1;
        var width = (high - low) / count;
        var counts = new double[count];
        foreach (var value in finite)
            counts[width > 0 ? Math.Min((int)((value - low) / width), count - 1) : 0]++;
        histogram.Min = low;
        histogram.Max = high;
        histogram.Num = finite.Length;
        histogram.Sum = finite.Sum();
        histogram.SumSquares = finite.Sum(value => value * value);
        histogram.BucketLimit.AddRange(Enumerable.Range(1, count).Select(i => i == count ? high : low + i * width));
        histogram.Bucket.AddRange(counts);
        return histogram;
    }

    /// <summary>A heat-map as PNG, blue positive, red negative, white 0 and grey no number; null for a coefficient that is too large for one.</summary>
    public static Summary.Types.Image? Picture(TensorSlot slot, ReadOnlySpan<double> values, double range)
    {
        var columns = slot.Shape.Length == 0 ? 1 : (int)slot.Shape[^1];
        if (columns == 0 || values.Length == 0)
            return null;
        var rows = values.Length / columns;
        if (columns > LargestSide || rows > LargestSide)
            return null;
        var cell = Math.Max(1, PictureSide / Math.Max(rows, columns));
        var png = PngBuilder.Create(columns * cell, rows * cell, hasAlphaChannel: false);
        for (var i = 0; i < values.Length; i++)
        {
            var pixel = Colour(values[i], range);
            for (var y = 0; y < cell; y++)
            {
                for (var x = 0; x < cell; x++)
                    png.SetPixel(pixel, i % columns * cell + x, i / columns * cell + y);
            }
        }
        return new Summary.Types.Image
        {
            Width = columns * cell,
            Height = rows * cell,
            Colorspace = Rgb,
            EncodedImageString = ByteString.CopyFrom(png.Save()),
        };
    }

    // The report's colours.
    private static Pixel Colour(double value, double range)
    {
        if (!double.IsFinite(value))
            return new Pixel(204, 204, 204);
        var share = range > 0 ? Math.Min(Math.Abs(value) / range, 1) : 0;
        return value >= 0 ? new Pixel(Mix(20), Mix(70), Mix(160)) : new Pixel(Mix(178), Mix(34), Mix(24));

        byte Mix(int full) => (byte)Math.Round(255 + (full - 255) * share);
    }

    private static void Add(Summary summary, string tag, double value) => summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    private static void Add(Summary summary, string tag, HistogramProto histogram) => summary.Value.Add(new Summary.Types.Value { Tag = tag, Histo = histogram });
}
