using System.Globalization;
using System.Text;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>The templates of <see cref="Ir.CSharpForm"/> and their holes.</summary>
internal static class Template
{
    /// <summary>The template with its holes filled.</summary>
    public static string Fill(string template, Func<Hole, string> fill)
    {
        var text = new StringBuilder();
        var from = 0;
        while (Next(template, from, out var start, out var end) is { } hole)
        {
            text.Append(template, from, start - from).Append(fill(hole));
            from = end;
        }

        return text.Append(template, from, template.Length - from).ToString();
    }

    /// <summary>The holes of a template, in order.</summary>
    public static IEnumerable<Hole> Holes(string template)
    {
        var from = 0;
        while (Next(template, from, out _, out var end) is { } hole)
        {
            yield return hole;
            from = end;
        }
    }

    /// <summary>The first hole at or behind a place; other braces are C#.</summary>
    private static Hole? Next(string template, int from, out int start, out int end)
    {
        for (start = template.IndexOf('{', from); start >= 0; start = template.IndexOf('{', start + 1))
        {
            end = template.IndexOf('}', start) + 1;
            if (end > 0 && Read(template.Substring(start + 1, end - start - 2)) is { } hole)
            {
                return hole;
            }
        }

        end = template.Length;
        return null;
    }

    private static Hole? Read(string name)
    {
        return name switch
        {
            "r" => new(HoleKind.Result, 0),
            "t" => new(HoleKind.Target, 0),
            "shape" => new(HoleKind.Shape, 0),
            _ when name.EndsWith(":T", StringComparison.Ordinal) => Numbered(HoleKind.TransposedOperand, 0, 2),
            _ when name.StartsWith("s", StringComparison.Ordinal) => Numbered(HoleKind.Number, 1, 0),
            _ when name.StartsWith("d", StringComparison.Ordinal) => Numbered(HoleKind.Size, 1, 0),
            _ => Numbered(HoleKind.Operand, 0, 0),
        };

        Hole? Numbered(HoleKind kind, int before, int behind) =>
            int.TryParse(name.Substring(before, name.Length - before - behind), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new Hole(kind, index) : null;
    }
}

/// <summary>A hole of a template.</summary>
/// <param name="Kind">What fills it.</param>
/// <param name="Index">Which operand, number or size.</param>
internal readonly record struct Hole(HoleKind Kind, int Index);

/// <summary>What fills a hole.</summary>
internal enum HoleKind
{
    /// <summary>An operand.</summary>
    Operand,

    /// <summary>An operand with its last two dimensions exchanged.</summary>
    TransposedOperand,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A size.</summary>
    Size,

    /// <summary>The sizes of the result.</summary>
    Shape,

    /// <summary>The buffer of the result.</summary>
    Result,

    /// <summary>The tensor added to.</summary>
    Target,
}
