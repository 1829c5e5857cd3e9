namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// Numbers that are functions of a key, a site and a position, by the mixing function of SplitMix64 (Steele, Lea and Flood 2014). The library's
/// <c>Noise</c> draws the same ones.
/// </summary>
internal static class Draws
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong key, int site, long position) =>
        (Mix(Mix(key + ((ulong)site * Golden)) + (((ulong)position + 1) * Golden)) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
