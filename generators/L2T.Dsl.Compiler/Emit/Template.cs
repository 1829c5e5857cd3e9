using System.Globalization;
using System.Text.RegularExpressions;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>The templates of <see cref="Ir.CSharpForm"/> and their holes.</summary>
internal static class Template
{
    private static readonly Regex Pattern = new(@"\{(?:(?<operand>\d+)(?<transposed>:T)?|(?<result>r)|(?<target>t)|s(?<number>\d+)|d(?<size>\d+)|(?<shape>shape))\}");

    /// <summary>The template with its holes filled.</summary>
    public static string Fill(string template, Func<Hole, string> fill) => Pattern.Replace(template, match => fill(Read(match)));

    /// <summary>The holes of a template, in order.</summary>
    public static IEnumerable<Hole> Holes(string template) => Pattern.Matches(template).Cast<Match>().Select(Read);

    private static Hole Read(Match match)
    {
        GroupCollection g = match.Groups;
        return g["operand"].Success ? new(g["transposed"].Success ? HoleKind.TransposedOperand : HoleKind.Operand, Index("operand"))
            : g["number"].Success ? new(HoleKind.Number, Index("number"))
            : g["size"].Success ? new(HoleKind.Size, Index("size"))
            : new(g["shape"].Success ? HoleKind.Shape : g["result"].Success ? HoleKind.Result : HoleKind.Target, 0);

        int Index(string group) => int.Parse(g[group].Value, CultureInfo.InvariantCulture);
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
