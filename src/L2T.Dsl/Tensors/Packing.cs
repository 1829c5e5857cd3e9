namespace L2T.Dsl.Tensors;

/// <summary>
/// Lays out blocks of memory that are in use for a time only. The largest first, each goes to the lowest place where it meets none that is in
/// use at the same time (greedy by size: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020).
/// </summary>
internal static class Packing
{
    /// <summary>The start of each block, and the size of the whole.</summary>
    /// <param name="blocks">Sizes, and the first and the last time at which each is in use.</param>
    public static (long[] Starts, long Total) Of(ReadOnlySpan<(long Size, int First, int Last)> blocks)
    {
        var sorted = blocks.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => sorted[a].Size != sorted[b].Size ? sorted[b].Size.CompareTo(sorted[a].Size) : a.CompareTo(b));

        // By their starts.
        var placed = new List<int>(order.Length);
        var starts = new long[order.Length];
        var total = 0L;
        foreach (var block in order)
        {
            var (size, first, last) = sorted[block];
            var start = 0L;
            foreach (var other in placed)
            {
                if (sorted[other].First > last || sorted[other].Last < first)
                {
                    continue;
                }

                if (starts[other] >= start + size)
                {
                    break;
                }

                start = Math.Max(start, starts[other] + sorted[other].Size);
            }

            starts[block] = start;
            total = Math.Max(total, start + size);
            var at = placed.FindIndex(p => starts[p] > start);
            placed.Insert(at < 0 ? placed.Count : at, block);
        }

        return (starts, total);
    }
}
