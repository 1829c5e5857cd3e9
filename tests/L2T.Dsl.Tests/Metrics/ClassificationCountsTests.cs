using L2T.Dsl.Metrics;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Metrics;

public sealed class ClassificationCountsTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Counts_errors_and_precision_over_batches(ScalarType dtype)
    {
        var counts = new ClassificationCounts(3);
        var precision = new float[3];

        // Answers 0 0 1 and 1; truths 0 1 1 and 0; class 2 is never answered.
        Add(counts, dtype, [5, 1, 2, 3, 1, 2, 0, 2, 1], [0, 1, 1]);
        Add(counts, dtype, [0, 2, 1], [0]);
        counts.PrecisionPerClass(precision);

        Assert.Equal((4, 2, 2), (counts.Total, counts.Right, counts.Wrong));
        Assert.Equal(0.5, counts.ErrorRate);
        Assert.Equal([0.5f, 0.5f, 0], precision);
    }

    [Fact]
    public void Nothing_is_left_after_clearing()
    {
        var counts = new ClassificationCounts(2);
        var precision = new float[2];
        Add(counts, float64, [1, 0], [0]);

        counts.Clear();
        counts.PrecisionPerClass(precision);

        Assert.Equal((0, 0.0, 0.0), (counts.Total, counts.Accuracy, counts.ErrorRate));
        Assert.Equal([0, 0], precision);
    }

    [Fact]
    public void Ties_go_to_the_first_class_and_NaN_never_wins()
    {
        var counts = new ClassificationCounts(3);

        Add(counts, float64, [1, 1, 0, double.NaN, 0, 1, 0, double.NaN, -1], [0, 2, 0]);

        Assert.Equal(3, counts.Right);
    }

    [Fact]
    public void Sequences_and_views_are_counted_position_by_position()
    {
        using var scope = NewDisposeScope();
        var counts = new ClassificationCounts(2);
        var scores = tensor(new double[] { 1, 0, 0, 1, 0, 1, 1, 0 }).view(2, 2, 2).transpose(0, 1);
        var labels = tensor(new long[] { 0, 1, 1, 1 }).view(2, 2).transpose(0, 1);

        counts.Add(scores, labels);

        Assert.Equal((4, 3), (counts.Total, counts.Right));
    }

    [Fact]
    public void Answers_at_the_padding_do_not_count()
    {
        var counts = new ClassificationCounts(3, padding: 0);
        var precision = new float[3];

        // Answers 1 1 2 0; truths 1 0 1 2.
        Add(counts, float32, [0, 5, 1, 0, 5, 1, 0, 1, 5, 5, 1, 0], [1, 0, 1, 2]);
        counts.PrecisionPerClass(precision);

        Assert.Equal((3, 1), (counts.Total, counts.Right));
        Assert.Equal([0, 1, 0], precision);
    }

    [Fact]
    public void Names_shapes_that_do_not_fit()
    {
        var fault = Assert.Throws<L2TException>(() => Add(new ClassificationCounts(4), float64, [1, 2, 3], [0]));

        Assert.Contains("[1, 3]", fault.Message);
        Assert.Contains("4 classes", fault.Message);
    }

    private static void Add(ClassificationCounts counts, ScalarType dtype, double[] scores, long[] labels)
    {
        using var wide = tensor(scores).view(labels.Length, -1);
        using var typed = wide.to(dtype);
        using var truths = tensor(labels);
        counts.Add(typed, truths);
    }
}
