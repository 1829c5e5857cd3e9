namespace L2T.Dsl.Compiler.Specs;

/// <summary>Names with a meaning of their own.</summary>
public static class Symbols
{
    /// <summary>The dimension that counts the examples of a batch.</summary>
    public const string Batch = "N";

    /// <summary>The cotangent of a differentiated output, given to each run.</summary>
    public const string Seed = "seed";
}
