using MathNet.Numerics.Distributions;

namespace L2T.Dsl.Metrics;

/// <summary>Statistics over repetitions of an experiment with different seeds.</summary>
public static class SeedStatistics
{
    // Up to here the distribution of signed ranks is counted out; beyond, the normal distribution is close enough.
    private const int ExactWilcoxonLimit = 60;

    /// <summary>The mean of independent values and its confidence interval by Student's t.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="level">Coverage of the interval, in (0, 1).</param>
    /// <exception cref="L2TException">There is no value, or the level is out of range.</exception>
    public static Interval MeanInterval(IReadOnlyList<double> values, double level = 0.95)
    {
        if (values.Count == 0)
            throw new L2TException("There are no values to average. Give at least one.");
        if (level is not (> 0 and < 1))
            throw new L2TException(FormattableString.Invariant($"The confidence level is {level}. It must be between 0 and 1."));
        var (mean, deviation) = MeanAndDeviation(values);
        if (values.Count == 1)
            return new Interval(mean, double.NaN, double.NaN);
        var half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + level) / 2) * deviation / Math.Sqrt(values.Count);
        return new Interval(mean, mean - half, mean + half);
    }

    /// <summary>
    /// Two-sided p-value of Student's t-test on pairs: how likely so large a mean difference is if the differences are normal with mean 0.
    /// </summary>
    /// <exception cref="L2TException">The two have not the same number of values, or fewer than two.</exception>
    public static double PairedTTest(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var differences = Differences(first, second);
        var (mean, deviation) = MeanAndDeviation(differences);
        if (deviation == 0)
            return mean == 0 ? 1 : 0;
        var t = mean / (deviation / Math.Sqrt(differences.Length));
        return 2 * StudentT.CDF(0, 1, differences.Length - 1, -Math.Abs(t));
    }

    /// <summary>The least that <see cref="WilcoxonSignedRank"/> of so many pairs can be: that of differences of one sign.</summary>
    public static double LeastWilcoxonSignedRank(int pairs) => Math.Min(1, Math.Pow(2, 1 - pairs));

    /// <summary>
    /// Two-sided p-value of Wilcoxon's signed-rank test on pairs: how likely so uneven ranks are if the differences are symmetric about 0.
    /// Pairs without a difference are left out, equal differences share their mean rank. Exact up to 60 differences (the ranks as they are,
    /// every sign equally likely), by the normal approximation with continuity correction beyond.
    /// </summary>
    /// <exception cref="L2TException">The two have not the same number of values, or fewer than two.</exception>
    public static double WilcoxonSignedRank(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        // Rounded, because differences of shares that are equal in truth differ in their last bits.
        var differences = Differences(first, second).Select(d => Math.Round(d, 12)).Where(d => d != 0).ToArray();
        if (differences.Length == 0)
            return 1;
        var doubledRanks = DoubledRanks([.. differences.Select(Math.Abs)]);
        var total = doubledRanks.Sum();
        var positive = differences.Zip(doubledRanks).Where(pair => pair.First > 0).Sum(pair => pair.Second);
        var smaller = Math.Min(positive, total - positive);
        var tail = differences.Length <= ExactWilcoxonLimit ? ExactTail(doubledRanks, smaller) : NormalTail(doubledRanks, smaller);
        return Math.Min(1, 2 * tail);
    }

    /// <summary>
    /// Cohen's d of pairs: the mean difference in units of the differences' standard deviation (d_z of Lakens 2013). Unlike a p-value it does not
    /// grow with the number of pairs; 0.2, 0.5 and 0.8 are called small, medium and large. Where all differences are equal it is 0 if they are 0,
    /// else infinite.
    /// </summary>
    /// <exception cref="L2TException">The two have not the same number of values, or fewer than two.</exception>
    public static double PairedEffectSize(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        // Rounded, as for the ranks: or the last bits of equal differences would be their deviation.
        double[] differences = [.. Differences(first, second).Select(d => Math.Round(d, 12))];
        if (differences.All(difference => difference == differences[0]))
            return differences[0] == 0 ? 0 : double.CopySign(double.PositiveInfinity, differences[0]);
        var (mean, deviation) = MeanAndDeviation(differences);
        return mean / deviation;
    }

    // Twice the mid-ranks, which are whole numbers.
    private static int[] DoubledRanks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new int[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = start + 1 + end;
            start = end;
        }
        return ranks;
    }

    // P(sum of the positive ranks <= bound) when each sign is a fair coin.
    private static double ExactTail(int[] ranks, int bound)
    {
        var probability = new double[bound + 1];
        probability[0] = 1;
        foreach (var rank in ranks)
        {
            for (var sum = bound; sum >= 0; sum--)
                probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
        }
        return probability.Sum();
    }

    private static double NormalTail(int[] ranks, int bound)
    {
        var mean = ranks.Sum() / 2.0;
        var deviation = Math.Sqrt(ranks.Sum(rank => (double)rank * rank)) / 2;
        // The ranks are doubled: half a unit of the sum is 1.
        return Normal.CDF(mean, deviation, Math.Min(mean, bound + 1));
    }

    private static double[] Differences(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count || first.Count < 2)
            throw new L2TException($"A paired test of {first.Count} and {second.Count} values. Give pairs, at least two.");
        return [.. first.Zip(second, (a, b) => a - b)];
    }

    private static (double Mean, double Deviation) MeanAndDeviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return (mean, values.Count == 1 ? double.NaN : Math.Sqrt(squares / (values.Count - 1)));
    }
}
