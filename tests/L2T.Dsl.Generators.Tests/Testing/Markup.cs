using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace L2T.Dsl.Generators.Tests.Testing;

/// <summary>Source with expected diagnostics marked as <c>{|L2T1001:text|}</c>.</summary>
/// <param name="Source">The source without marks.</param>
/// <param name="Expected">The ids and their places.</param>
internal sealed record Markup(string Source, IReadOnlyList<(string Id, TextSpan Span)> Expected)
{
    /// <summary>Takes the marks out of a text; they may be nested.</summary>
    public static Markup Parse(string text)
    {
        var source = new StringBuilder();
        var expected = new List<(string, TextSpan)>();
        var open = new Stack<(string Id, int Start)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("{|L2T"))
            {
                var colon = text.IndexOf(':', i);
                open.Push((text[(i + 2)..colon], source.Length));
                i = colon;
            }
            else if (open.Count > 0 && text.AsSpan(i).StartsWith("|}"))
            {
                var (id, start) = open.Pop();
                expected.Add((id, TextSpan.FromBounds(start, source.Length)));
                i++;
            }
            else
            {
                source.Append(text[i]);
            }
        }

        Assert.Empty(open);
        return new(source.ToString(), expected);
    }
}
