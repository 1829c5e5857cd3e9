using System.Text.RegularExpressions;

namespace L2T.Dsl.Experiments.Settings;

/// <summary>Names as a command line has them.</summary>
internal static partial class Names
{
    /// <summary><c>TeacherLearningRate</c> as <c>teacher-learning-rate</c>.</summary>
    public static string Kebab(string name) => Boundary().Replace(name, "-").ToLowerInvariant();

    /// <summary>The candidate with the fewest edits, where a slip of the finger can have made the one of the other; else null.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var best = candidates.Select(candidate => (candidate, Edits: Edits(name, candidate))).OrderBy(pair => pair.Edits).FirstOrDefault();
        return best.candidate is not null && best.Edits <= Math.Max(2, name.Length / 3) ? best.candidate : null;
    }

    /// <summary><c> Did you mean '...'?</c>, or nothing.</summary>
    public static string Suggestion(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    // Levenshtein's distance, row by row.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var edits = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], edits);
            }
        }
        return row[b.Length];
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Boundary();
}
