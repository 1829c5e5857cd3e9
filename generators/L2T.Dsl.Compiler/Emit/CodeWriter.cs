using System.Text;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes indented C#, LF line ends.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line; an empty one stays empty.</summary>
    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Writes each line of a text behind a prefix.</summary>
    public void Lines(string prefix, string text)
    {
        foreach (var line in text.Split('\n'))
        {
            Line((prefix + line).TrimEnd());
        }
    }

    /// <summary>Writes a head and an opening brace; disposing closes it.</summary>
    public IDisposable Block(string head)
    {
        Line(head);
        Line("{");
        _depth++;
        return new Closing(this);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private sealed class Closing(CodeWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}");
        }
    }
}
