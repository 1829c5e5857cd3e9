using L2T.Dsl.Metrics;

namespace L2T.Dsl.Tests.Metrics;

public sealed class SeedStatisticsTests
{
    // Student's sleep data (Biometrika 1908), with the figures that R's t.test prints for them.
    private static readonly double[] Drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] Drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    // Darwin's maize, with the p-value of SciPy's documentation of wilcoxon.
    private static readonly double[] Maize = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];

    [Fact]
    public void The_interval_is_that_of_the_textbook()
    {
        double[] differences = [.. Drug1.Zip(Drug2, (a, b) => a - b)];

        var interval = SeedStatistics.MeanInterval(differences);

        Assert.Equal(-1.58, interval.Mean, 1e-12);
        Assert.Equal(-2.4598858, interval.Low, 1e-7);
        Assert.Equal(-0.7001142, interval.High, 1e-7);
    }

    [Fact]
    public void The_t_test_is_that_of_the_textbook()
    {
        Assert.Equal(0.002833, SeedStatistics.PairedTTest(Drug1, Drug2), 5e-7);
        Assert.Equal(0.002833, SeedStatistics.PairedTTest(Drug2, Drug1), 5e-7);
    }

    [Fact]
    public void The_effect_size_is_that_of_the_textbook()
    {
        // Mean -1.58, standard deviation 1.229995.
        Assert.Equal(-1.284558, SeedStatistics.PairedEffectSize(Drug1, Drug2), 1e-6);
        Assert.Equal(1.284558, SeedStatistics.PairedEffectSize(Drug2, Drug1), 1e-6);
        Assert.Equal(0, SeedStatistics.PairedEffectSize([1, 2], [1, 2]));
        // Equal in truth, but not in their last bits.
        Assert.Equal(double.PositiveInfinity, SeedStatistics.PairedEffectSize([0.3, 0.93, 0.1], [0.2, 0.83, 0]));
        Assert.Throws<L2TException>(() => SeedStatistics.PairedEffectSize([1], [2]));
    }

    [Fact]
    public void The_signed_rank_test_is_exact()
    {
        Assert.Equal(0.041259765625, SeedStatistics.WilcoxonSignedRank(Maize, new double[Maize.Length]), 1e-12);
        // All of five positive: 2 / 2^5.
        Assert.Equal(0.0625, SeedStatistics.WilcoxonSignedRank([1, 2, 3, 4, 5], new double[5]), 1e-12);
    }

    [Fact]
    public void The_signed_rank_test_counts_out_ties_and_leaves_out_zeros()
    {
        // Ranks 1.5, 1.5, 3 of which only the last is negative: P(W- <= 3) over 8 sign patterns is 5/8, so p = 1.
        Assert.Equal(1, SeedStatistics.WilcoxonSignedRank([1, 1, -2, 0], new double[4]), 1e-12);
        // Ranks 2, 2, 2, 4: only patterns without a negative give W- = 0.
        Assert.Equal(2.0 / 16, SeedStatistics.WilcoxonSignedRank([1, 1, 1, 2], new double[4]), 1e-12);
        // Differences that are equal in truth, but not in their last bits.
        Assert.Equal(2.0 / 16, SeedStatistics.WilcoxonSignedRank([0.3, 0.93, 0.1, 2], [0.2, 0.83, 0, 0]), 1e-12);
        Assert.Equal(1, SeedStatistics.WilcoxonSignedRank([1, 2], [1, 2]));
    }

    [Fact]
    public void Beyond_its_limit_the_signed_rank_test_is_close_to_exact()
    {
        // Ranks 1..61, every third one negative.
        double[] differences = [.. Enumerable.Range(1, 61).Select(i => i % 3 == 0 ? -i : (double)i)];

        // Counted out elsewhere, over all 2^61 sign patterns.
        Assert.Equal(0.02291425150848845, SeedStatistics.WilcoxonSignedRank(differences, new double[61]), 1e-3);
    }

    [Fact]
    public void One_value_has_no_interval_and_equal_ones_an_empty_one()
    {
        Assert.Equal(new Interval(4, double.NaN, double.NaN), SeedStatistics.MeanInterval([4]));
        Assert.Equal(new Interval(4, 4, 4), SeedStatistics.MeanInterval([4, 4, 4]));
        Assert.Equal(1, SeedStatistics.PairedTTest([1, 2], [1, 2]));
        Assert.Equal(0, SeedStatistics.PairedTTest([2, 3], [1, 2]));
    }

    [Fact]
    public void Refuses_what_has_no_answer()
    {
        Assert.Throws<L2TException>(() => SeedStatistics.MeanInterval([]));
        Assert.Throws<L2TException>(() => SeedStatistics.MeanInterval([1, 2], 1));
        Assert.Throws<L2TException>(() => SeedStatistics.PairedTTest([1], [1]));
        Assert.Throws<L2TException>(() => SeedStatistics.WilcoxonSignedRank([1, 2], [1, 2, 3]));
    }
}
