using System.Collections;
using System.Globalization;

namespace L2T.Dsl.Training;

/// <summary>
/// Values as text by which one is told from another: the same whatever the culture, and with the elements of collections, of which a record's own text
/// gives no more than the type.
/// </summary>
internal static class InvariantText
{
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable elements => $"[{string.Join(", ", elements.Cast<object?>().Select(Of))}]",
        _ => OwnText(value) + string.Concat(Collections(value)),
    };

    private static string OwnText(object value)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return value.ToString() ?? "";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static IEnumerable<string> Collections(object value) => value.GetType().GetProperties()
        .Where(property => property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
        .Where(property => property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => $"; {property.Name} = {Of(property.GetValue(value))}");
}
