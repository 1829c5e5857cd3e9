namespace L2T.Dsl.Hypergradients;

/// <summary>
/// The optimal schedule of recursive checkpointing (Griewank and Walther, 2000, "Algorithm 799: revolve", ACM TOMS 26(1), section 2). With
/// beta(s, r) = (s + r)! / (s! r!), s snapshots and r repetitions reach beta(s, r) steps.
/// </summary>
internal static class RevolveSchedule
{
    /// <summary>
    /// t(l, s): the fewest steps that must be advanced through to reverse <paramref name="steps"/> with <paramref name="snapshots"/>, that of
    /// the start included; r l - beta(s + 1, r - 1) with the least r for which l &lt;= beta(s, r).
    /// </summary>
    public static long Advances(long steps, int snapshots)
    {
        if (steps <= 1)
            return 0;
        var r = Repetitions(steps, snapshots);
        return r * steps - Beta(snapshots + 1, r - 1);
    }

    /// <summary>
    /// How far to advance before the next snapshot is taken, with <paramref name="snapshots"/> of which one holds the start: an m that
    /// attains m + t(m, s) + t(l - m, s - 1) = t(l, s).
    /// </summary>
    /// <param name="steps">l, at least 2.</param>
    /// <param name="snapshots">s, at least 2.</param>
    public static int Advance(int steps, int snapshots)
    {
        var r = Repetitions(steps, snapshots);
        // Every m with beta(s, r-2) <= m <= beta(s, r-1) and beta(s-1, r-1) <= l - m <= beta(s-1, r) attains it; this is the least.
        var least = Math.Max(r >= 2 ? Beta(snapshots, r - 2) : 0, steps - Beta(snapshots - 1, r));
        return (int)Math.Clamp(least, 1, steps - 1);
    }

    private static long Repetitions(long steps, int snapshots)
    {
        var r = 1L;
        while (Beta(snapshots, r) < steps)
            r++;
        return r;
    }

    // Saturates: only whether it reaches the number of steps matters then.
    private static long Beta(long s, long r)
    {
        if (r < 0)
            return 0;
        var (small, large) = s < r ? (s, r) : (r, s);
        var value = 1L;
        for (var i = 1L; i <= small; i++)
        {
            if (value > long.MaxValue / (large + i))
                return long.MaxValue;
            value = value * (large + i) / i;
        }
        return value;
    }
}
