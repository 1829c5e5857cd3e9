using System.Text.RegularExpressions;

namespace L2T.Dsl.Experiments.Exports;

/// <summary>The names that C# takes.</summary>
internal static partial class CSharpName
{
    // Reserved everywhere (C# specification, "Keywords").
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate",
        "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in",
        "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private",
        "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    // Names that no type can have, or none should, for what they mean where a type stands.
    private static readonly HashSet<string> NotOfTypes =
        ["await", "dynamic", "extension", "field", "file", "managed", "nint", "notnull", "nuint", "partial", "record", "required", "scoped", "unmanaged", "var", "where", "yield"];

    /// <summary>Whether a text is an identifier as it stands, and no keyword.</summary>
    public static bool IsValid(string text) => Identifier().IsMatch(text) && !Keywords.Contains(text);

    /// <summary>Whether a class may have this name.</summary>
    public static bool IsOfType(string text) => IsValid(text) && !NotOfTypes.Contains(text);

    [GeneratedRegex(@"^[A-Za-z_]\w*\z")]
    private static partial Regex Identifier();
}
