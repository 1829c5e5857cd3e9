using System.Globalization;

namespace L2T.Dsl.Reporting;

/// <summary>Large numbers for people.</summary>
internal static class Quantity
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P"];

    /// <summary>A number of units in powers of 1000, three digits: <c>1.66 GB</c>.</summary>
    public static string Text(long count, string unit)
    {
        var value = (double)count;
        var power = 0;
        while (Math.Abs(value) >= 999.5 && power < Prefixes.Length - 1)
        {
            value /= 1000;
            power++;
        }
        var decimals = power == 0 || Math.Abs(value) >= 99.95 ? 0 : Math.Abs(value) >= 9.995 ? 1 : 2;
        return $"{value.ToString("F" + decimals, CultureInfo.InvariantCulture)} {Prefixes[power]}{unit}";
    }
}
