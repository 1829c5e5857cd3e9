namespace L2T.Dsl.Translation.Corpora;

/// <summary>How many pairs were left out, and why. A pair is counted once, for the first reason that holds.</summary>
/// <param name="Empty">Pairs of which a side has no word.</param>
/// <param name="TooLong">Pairs of which a side is over the limit.</param>
public readonly record struct SkippedPairs(int Empty, int TooLong)
{
    /// <summary>All pairs left out.</summary>
    public int Total => Empty + TooLong;

    /// <summary>What was left out, in words.</summary>
    public override string ToString() => $"{Empty} empty, {TooLong} too long";
}
