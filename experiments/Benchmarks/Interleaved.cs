using System.Diagnostics;

namespace L2T.Experiments.Benchmarks;

/// <summary>Times several actions in turn, so that whatever else the machine does falls on all of them alike.</summary>
internal static class Interleaved
{
    /// <summary>The median time of each action in milliseconds.</summary>
    /// <param name="budget">How long to go on in all.</param>
    /// <param name="leastRounds">How often to run each at least.</param>
    /// <param name="actions">The actions.</param>
    public static double[] Medians(TimeSpan budget, int leastRounds, params Action[] actions)
    {
        const int MostWarmUps = 20;
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < Math.Min(MostWarmUps, leastRounds); i++)
        {
            foreach (var action in actions)
            {
                action();
            }
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < budget || times[0].Count < leastRounds)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                actions[i]();
                times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return [.. times.Select(Median)];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count % 2 == 1 ? values[values.Count / 2] : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2;
    }
}
