using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Generators.Linking;

/// <summary>Names of generated files: compared without regard to case, and without some characters that names of types may have.</summary>
internal static class FileNames
{
    /// <summary>The types whose names differ in case only from that of a type before them in ordinal order.</summary>
    public static EquatableArray<string> Clashes(IEnumerable<string> types) =>
    [
        .. types.Distinct()
            .GroupBy(Plain, StringComparer.OrdinalIgnoreCase)
            .SelectMany(same => same.OrderBy(type => type, StringComparer.Ordinal).Skip(1)),
    ];

    /// <summary>The name under which C# takes a file.</summary>
    /// <param name="file">The file's own name, which ends in <c>.g.cs</c>.</param>
    /// <param name="type">The type that it was generated for.</param>
    /// <param name="clashes">What <see cref="Clashes"/> gave.</param>
    public static string Of(string file, string type, EquatableArray<string> clashes)
    {
        var plain = Plain(file);
        var clash = clashes.ToList().IndexOf(type);
        return clash < 0 ? plain : plain.Substring(0, plain.Length - ".g.cs".Length) + $"-{clash + 1}.g.cs";
    }

    /// <summary>A name without the mark of those that are keywords.</summary>
    private static string Plain(string name) => name.Replace("@", "");
}
