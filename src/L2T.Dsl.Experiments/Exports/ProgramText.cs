using System.Text;

namespace L2T.Dsl.Experiments.Exports;

/// <summary>
/// The notation of the programs that assemblies carry (<see cref="ModuleProgramAttribute"/>): a word, or a list in parentheses. The generator
/// writes it, and is no part of a program that runs.
/// </summary>
/// <param name="Word">The word; empty for a list.</param>
/// <param name="Items">The items; null for a word.</param>
internal sealed record ProgramText(string Word, ProgramText[]? Items)
{
    /// <summary>The first word of a list; empty for a word.</summary>
    public string Head => Items is [{ } first, ..] ? first.Word : "";

    /// <summary>Reads a text that is one expression.</summary>
    /// <exception cref="L2TException">It is none.</exception>
    public static ProgramText Read(string text)
    {
        var position = 0;
        var result = Next();
        SkipSpace();
        return position == text.Length ? result : throw Broken();

        ProgramText Next()
        {
            SkipSpace();
            if (position == text.Length)
                throw Broken();
            switch (text[position])
            {
                case '(':
                    position++;
                    var items = new List<ProgramText>();
                    for (SkipSpace(); position < text.Length && text[position] != ')'; SkipSpace())
                        items.Add(Next());
                    return position++ < text.Length ? new ProgramText("", [.. items]) : throw Broken();
                case '"':
                    return new ProgramText(Quoted(), null);
                default:
                    var start = position;
                    while (position < text.Length && !char.IsWhiteSpace(text[position]) && text[position] is not ('(' or ')' or '"'))
                        position++;
                    return position > start ? new ProgramText(text[start..position], null) : throw Broken();
            }
        }

        string Quoted()
        {
            var word = new StringBuilder();
            for (position++; position < text.Length && text[position] != '"'; position++)
            {
                var c = text[position];
                if (c == '\\')
                {
                    if (++position == text.Length)
                        throw Broken();
                    c = text[position] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other };
                }
                word.Append(c);
            }
            return position++ < text.Length ? word.ToString() : throw Broken();
        }

        void SkipSpace()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
                position++;
        }

        L2TException Broken() => new($"The program of a module is broken at character {position}. Build the assembly that holds it again.");
    }
}
