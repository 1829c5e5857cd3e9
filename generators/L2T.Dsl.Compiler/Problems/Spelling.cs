namespace L2T.Dsl.Compiler.Problems;

/// <summary>Finds what a misspelt name was to be.</summary>
public static class Spelling
{
    // More letters than that make another word; of short ones, any.
    private const int MostChanges = 2;

    /// <summary>The known name that is most like a given one; null where none is like it.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => known
        .Where(k => k != name)
        .Select(k => (Name: k, Changes: Changes(name, k)))
        .Where(k => k.Changes <= MostChanges && k.Changes < Math.Min(name.Length, k.Name.Length) - 1)
        .OrderBy(k => k.Changes)
        .Select(k => k.Name)
        .FirstOrDefault();

    /// <summary>How many letters must be inserted, removed or replaced (Levenshtein's distance).</summary>
    private static int Changes(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[to.Length];
    }
}
