using System.Globalization;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Experiments.Settings;

/// <summary>Values of settings as text, and back.</summary>
internal static class SettingText
{
    /// <summary>Whether values of a type can be given as text.</summary>
    public static bool IsReadable(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) || plain == typeof(long) || plain == typeof(double) || plain == typeof(bool) || plain == typeof(string)
            || plain.IsEnum || plain == typeof(LearningRateSchedule);
    }

    /// <summary>What may be given, for people.</summary>
    public static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var kind = plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(double) ? "a number"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(LearningRateSchedule) ? LearningRateSchedule.Texts
            : plain.IsEnum ? string.Join(", ", NamesOf(plain).Select(name => name.ToLowerInvariant()))
            : "text";
        return Nullable.GetUnderlyingType(type) is null ? kind : kind + ", or none";
    }

    /// <summary>The value that <paramref name="text"/> says.</summary>
    /// <exception cref="L2TException">It says none.</exception>
    public static object? Read(string name, Type type, string text)
    {
        var plain = Nullable.GetUnderlyingType(type);
        if (plain is not null && text == "none")
            return null;
        plain ??= type;
        var culture = CultureInfo.InvariantCulture;
        if (plain == typeof(string))
            return text;
        if (plain == typeof(int) && int.TryParse(text, NumberStyles.Integer, culture, out var number))
            return number;
        if (plain == typeof(long) && long.TryParse(text, NumberStyles.Integer, culture, out var large))
            return large;
        if (plain == typeof(double) && double.TryParse(text, NumberStyles.Float, culture, out var real))
            return real;
        if (plain == typeof(bool) && bool.TryParse(text, out var truth))
            return truth;
        if (plain.IsEnum && NamesOf(plain).Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse(plain, text, ignoreCase: true);
        if (plain == typeof(LearningRateSchedule))
        {
            try
            {
                return LearningRateSchedule.Parse(text);
            }
            catch (L2TException e)
            {
                throw new L2TException($"{name}: {e.Message}", e);
            }
        }
        throw new L2TException($"{name} is '{text}'. It must be {Describe(type)}.");
    }

    // Weights are of these element types alone.
    private static string[] NamesOf(Type type) => type == typeof(ScalarType) ? [nameof(ScalarType.Float32), nameof(ScalarType.Float64)] : Enum.GetNames(type);

    /// <summary>The text that gives a value.</summary>
    public static string Write(object? value) => value switch
    {
        null => "none",
        bool truth => truth ? "true" : "false",
        Enum member => member.ToString().ToLowerInvariant(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => InvariantText.Own(value),
    };
}
