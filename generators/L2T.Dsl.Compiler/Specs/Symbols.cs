using System.Globalization;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>Names with a meaning of their own.</summary>
public static class Symbols
{
    /// <summary>The dimension that counts the examples of a batch.</summary>
    public const string Batch = "N";

    /// <summary>The cotangent of a differentiated output, given to each run.</summary>
    public const string Seed = "seed";

    /// <summary>The number of the element that an iteration of a loop sees; no user can write this name.</summary>
    /// <param name="depth">How many loops there are around that loop.</param>
    public static string Element(int depth) => "#" + depth.ToString(CultureInfo.InvariantCulture);

    /// <summary>The place of a block in an array of blocks whose sizes depend on it; no user can write this name.</summary>
    /// <param name="depth">How many such arrays there are around that array.</param>
    public static string Place(int depth) => "@" + depth.ToString(CultureInfo.InvariantCulture);
}
