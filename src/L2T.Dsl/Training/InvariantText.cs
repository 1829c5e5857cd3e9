using System.Collections;
using System.Globalization;
using System.Reflection;

namespace L2T.Dsl.Training;

/// <summary>
/// Values as text by which one is told from another: the same whatever the culture, and with the elements of collections, of which a record's own text
/// gives no more than the type, those of records within it included. What cannot be set, as a list that a record fills itself, is no setting.
/// </summary>
internal static class InvariantText
{
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable elements => $"[{string.Join(", ", elements.Cast<object?>().Select(Of))}]",
        _ => Own(value) + string.Concat(Parts(value)),
    };

    /// <summary>A value's own text, in the invariant culture.</summary>
    public static string Own(object value)
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

    private static IEnumerable<string> Parts(object value) => value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => (property.Name, Value: property.GetValue(value)))
        .Where(part => part.Value is IEnumerable and not string || IsRecord(part.Value))
        .Select(part => $"; {part.Name} = {Of(part.Value)}");

    // What the compiler gives every record class, to copy it.
    private static bool IsRecord(object? value) => value?.GetType().GetMethod("<Clone>$") is not null;
}
