namespace L2T.Experiments.NoisyLabels;

/// <summary>How well a score ranks.</summary>
internal static class Ranking
{
    /// <summary>
    /// The area under the receiver operating characteristic: the share of pairs of a positive and a negative in which the positive has the
    /// higher score, ties by half (Mann and Whitney 1947).
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="isPositive">Which are positives; there must be some of both.</param>
    public static double Auc(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderBy(i => scores[i])];
        var (rankSum, positives) = (0.0, 0);
        for (var first = 0; first < order.Length;)
        {
            var next = first + 1;
            while (next < order.Length && scores[order[next]] == scores[order[first]])
                next++;
            // Ranks count from 1; ties share their mean.
            var rank = (first + 1 + next) / 2.0;
            for (var i = first; i < next; i++)
            {
                if (!isPositive[order[i]])
                    continue;
                rankSum += rank;
                positives++;
            }
            first = next;
        }
        var negatives = order.Length - positives;
        return (rankSum - positives * (positives + 1.0) / 2) / ((double)positives * negatives);
    }
}
