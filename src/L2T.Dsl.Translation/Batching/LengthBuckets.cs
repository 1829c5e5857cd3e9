namespace L2T.Dsl.Translation.Batching;

/// <summary>Cuts pairs into buckets of like lengths.</summary>
public static class LengthBuckets
{
    /// <summary>
    /// The buckets by the longer side, cut where the positions filled with padding are fewest (by dynamic programming over the lengths that
    /// occur), the shortest first.
    /// </summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="count">The most buckets; fewer where there are fewer lengths.</param>
    /// <param name="tokensPerBatch">The most tokens of a side in a batch, padding included.</param>
    /// <exception cref="L2TException">There is no bucket, or a batch holds not one pair of the longest.</exception>
    public static IReadOnlyList<LengthBucket> Choose(TokenPairs pairs, int count, int tokensPerBatch)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (count < 1)
            throw new L2TException($"{pairs.Name} in {count} buckets. Use at least 1.");
        var longest = Math.Max(pairs.MaxSourceLength, pairs.MaxTargetLength);
        if (tokensPerBatch < longest)
        {
            throw new L2TException($"A batch of {tokensPerBatch} tokens holds no sentence of {longest}, which {pairs.Name} has. Raise the tokens of a batch, or lower the "
                + "limit of a sentence's length.");
        }
        var groups = Enumerable.Range(0, pairs.Count)
            .GroupBy(index => Math.Max(pairs.SourceLength(index), pairs.TargetLength(index)))
            .OrderBy(group => group.Key)
            .Select(group => new Group(group.Max(pairs.SourceLength), group.Max(pairs.TargetLength), group.Count()))
            .ToArray();
        return
        [
            .. Cut(groups, Math.Min(count, groups.Length)).Select(cut =>
            {
                var within = groups[cut.Start..cut.End];
                var (source, target, size) = (within.Max(group => group.Source), within.Max(group => group.Target), within.Sum(group => group.Count));
                return new LengthBucket(source, target, Math.Min(size, tokensPerBatch / Math.Max(source, target)), size);
            }),
        ];
    }

    // least[k][end]: the fewest positions of groups 0 .. end - 1 in k buckets; first[k][end]: where the last of them starts.
    private static IEnumerable<(int Start, int End)> Cut(Group[] groups, int count)
    {
        var least = new long[count + 1, groups.Length + 1];
        var first = new int[count + 1, groups.Length + 1];
        for (var k = 0; k <= count; k++)
        {
            for (var end = 0; end <= groups.Length; end++)
                least[k, end] = k == 0 && end == 0 ? 0 : long.MaxValue;
        }
        for (var k = 1; k <= count; k++)
        {
            for (var end = k; end <= groups.Length; end++)
            {
                var (source, target, pairs) = (0, 0, 0L);
                for (var start = end - 1; start >= k - 1; start--)
                {
                    source = Math.Max(source, groups[start].Source);
                    target = Math.Max(target, groups[start].Target);
                    pairs += groups[start].Count;
                    if (least[k - 1, start] == long.MaxValue)
                        continue;
                    var positions = least[k - 1, start] + (pairs * (source + target));
                    if (positions < least[k, end])
                        (least[k, end], first[k, end]) = (positions, start);
                }
            }
        }
        var cuts = new Stack<(int Start, int End)>();
        for (var (k, end) = (count, groups.Length); k > 0; k--)
        {
            cuts.Push((first[k, end], end));
            end = first[k, end];
        }
        return cuts;
    }

    private sealed record Group(int Source, int Target, int Count);
}
