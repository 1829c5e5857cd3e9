namespace L2T.Dsl.Translation.Batching;

/// <summary>Cuts pairs into buckets of like lengths.</summary>
internal static class LengthBuckets
{
    /// <summary>
    /// The buckets by the longer side, cut where the positions filled with padding are fewest (by dynamic programming over the lengths that
    /// occur), the shortest first.
    /// </summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="count">The most buckets.</param>
    /// <param name="tokensPerBatch">The most positions of a side in a batch.</param>
    /// <returns>The buckets, and the pairs in each.</returns>
    public static (LengthBucket[] Buckets, int[][] Members) Choose(TokenPairs pairs, int count, int tokensPerBatch)
    {
        var groups = Enumerable.Range(0, pairs.Count)
            .GroupBy(index => Math.Max(pairs.SourceLength(index), pairs.TargetLength(index)))
            .OrderBy(group => group.Key)
            .Select(group => new Group(group.Max(pairs.SourceLength), group.Max(pairs.TargetLength), [.. group]))
            .ToArray();
        var buckets = new List<LengthBucket>();
        var members = new List<int[]>();
        foreach (var (start, end) in Cut(groups, Math.Min(count, groups.Length)))
        {
            var within = groups[start..end];
            int[] indices = [.. within.SelectMany(group => group.Members).Order()];
            var (source, target) = (within.Max(group => group.Source), within.Max(group => group.Target));
            buckets.Add(new LengthBucket(source, target, Math.Min(indices.Length, tokensPerBatch / Math.Max(source, target)), indices.Length));
            members.Add(indices);
        }
        return ([.. buckets], [.. members]);
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
                    pairs += groups[start].Members.Length;
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

    private sealed record Group(int Source, int Target, int[] Members);
}
