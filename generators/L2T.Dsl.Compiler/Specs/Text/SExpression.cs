using System.Text;
using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs.Text;

/// <summary>A symbol, a quoted string or a list of these: the notation of printed specs.</summary>
internal abstract record SExpression
{
    private const int Width = 120;

    private SExpression()
    {
    }

    /// <summary>A list.</summary>
    public static SExpression Of(params SExpression[] items) => new Items([.. items]);

    /// <summary>A list.</summary>
    public static SExpression Of(IEnumerable<SExpression> items) => new Items(items.ToEquatableArray());

    /// <summary>A word; quoted where it needs to be.</summary>
    public static implicit operator SExpression(string text) => new Symbol(text);

    /// <summary>Whether a character stands in a symbol without quotes.</summary>
    private static bool IsPlain(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('(' or ')' or '"' or '\\' or ';');

    /// <summary>The text, broken into indented lines where it is long; ends with a line end.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.Append('\n').ToString();
    }

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        WriteFlat(text);
        return text.ToString();
    }

    /// <summary>Reads one expression that is the whole text.</summary>
    public static bool TryParse(string text, out SExpression result)
    {
        var position = 0;
        return TryRead(out result, 0) && SkipSpace() == text.Length;

        int SkipSpace()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }

            return position;
        }

        bool TryRead(out SExpression read, int depth)
        {
            read = "";
            // Text comes from other assemblies: a damaged one must not exhaust the stack.
            if (SkipSpace() == text.Length || depth > 1000)
            {
                return false;
            }

            if (text[position] == '(')
            {
                position++;
                var items = new List<SExpression>();
                while (SkipSpace() < text.Length && text[position] != ')')
                {
                    if (!TryRead(out var item, depth + 1))
                    {
                        return false;
                    }

                    items.Add(item);
                }

                read = Of(items);
                return position++ < text.Length;
            }

            if (text[position] == '"')
            {
                return TryReadQuoted(out read);
            }

            var start = position;
            while (position < text.Length && IsPlain(text[position]))
            {
                position++;
            }

            read = text.Substring(start, position - start);
            return position > start;
        }

        bool TryReadQuoted(out SExpression read)
        {
            var word = new StringBuilder();
            read = "";
            for (position++; position < text.Length; position++)
            {
                var c = text[position];
                if (c == '"')
                {
                    position++;
                    read = word.ToString();
                    return true;
                }

                if (c == '\\')
                {
                    if (++position == text.Length)
                    {
                        return false;
                    }

                    c = text[position] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other };
                }

                word.Append(c);
            }

            return false;
        }
    }

    private protected abstract void Write(StringBuilder text, int indent);

    private protected abstract void WriteFlat(StringBuilder text);

    /// <summary>A word.</summary>
    internal sealed record Symbol(string Text) : SExpression
    {
        private protected override void Write(StringBuilder text, int indent) => WriteFlat(text);

        private protected override void WriteFlat(StringBuilder text)
        {
            if (Text.Length > 0 && Text.All(IsPlain))
            {
                text.Append(Text);
                return;
            }

            text.Append('"');
            foreach (var c in Text)
            {
                text.Append(c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    _ => c.ToString(),
                });
            }

            text.Append('"');
        }
    }

    /// <summary>A list.</summary>
    internal sealed record Items(EquatableArray<SExpression> All) : SExpression
    {
        private protected override void Write(StringBuilder text, int indent)
        {
            var flat = ToString();
            if (indent + flat.Length <= Width || All.Count < 2)
            {
                text.Append(flat);
                return;
            }

            // The words that say what the list is stay on its first line, a value beside the name of its parameter.
            text.Append('(');
            bool isHead = true, isValue = false;
            for (var i = 0; i < All.Count; i++)
            {
                var isName = All[i] is Symbol { Text: [':', ..] };
                isHead &= i == 0 || (All[i] is Symbol { Text.Length: < 40 } && !isName);
                if (!isHead && !isValue)
                {
                    text.Append('\n').Append(' ', indent + 2);
                }
                else if (i > 0)
                {
                    text.Append(' ');
                }

                All[i].Write(text, indent + 2);
                isValue = isName;
            }

            text.Append(')');
        }

        private protected override void WriteFlat(StringBuilder text)
        {
            text.Append('(');
            for (var i = 0; i < All.Count; i++)
            {
                if (i > 0)
                {
                    text.Append(' ');
                }

                All[i].WriteFlat(text);
            }

            text.Append(')');
        }
    }
}
