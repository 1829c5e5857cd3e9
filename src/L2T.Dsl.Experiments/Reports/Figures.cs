using System.Globalization;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>Figures as reports carry them.</summary>
internal static class Figures
{
    /// <summary>Rounded to 5 digits: a report is to be looked at. Null is what is not finite.</summary>
    public static double? Rounded(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    /// <inheritdoc cref="Rounded(double)"/>
    public static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;

    /// <summary>All of them, rounded.</summary>
    public static double?[] Rounded(ReadOnlySpan<double> values)
    {
        var rounded = new double?[values.Length];
        for (var i = 0; i < values.Length; i++)
            rounded[i] = Rounded(values[i]);
        return rounded;
    }

    /// <summary>At most <paramref name="limit"/> of them, evenly chosen, the first and the last among them.</summary>
    public static IReadOnlyList<T> Thinned<T>(IReadOnlyList<T> items, int limit)
    {
        limit = Math.Max(limit, 2);
        return items.Count <= limit ? items
            : [.. Enumerable.Range(0, limit).Select(i => items[(int)((long)i * (items.Count - 1) / (limit - 1))])];
    }
}
