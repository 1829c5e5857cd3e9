namespace L2T.Dsl.Data;

/// <summary>
/// A small random stream for shuffles and for deriving seeds (Steele, Lea and Flood 2014): the same numbers on every platform and
/// version of .NET, which <see cref="Random"/> does not promise.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>A seed of its own for item <paramref name="index"/> of a stream called <paramref name="stream"/>.</summary>
    public static ulong Derive(ulong seed, RandomUse stream, ulong index) => Mix(Mix(Mix(seed + Gamma) + (ulong)stream * Gamma) + (index + 1) * Gamma);

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(_state += Gamma);

    /// <summary>A uniform number in 0, ..., <paramref name="bound"/> - 1, without bias (Lemire 2019).</summary>
    public ulong NextBelow(ulong bound)
    {
        var high = Math.BigMul(Next(), bound, out var low);
        if (low < bound)
        {
            var threshold = (0 - bound) % bound;
            while (low < threshold)
                high = Math.BigMul(Next(), bound, out low);
        }
        return high;
    }

    /// <summary>Permutes <paramref name="items"/> uniformly (Fisher and Yates).</summary>
    public void Shuffle(Span<long> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = (int)NextBelow((ulong)last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>0, ..., <paramref name="count"/> - 1 in random order.</summary>
    public long[] Permutation(int count)
    {
        var items = new long[count];
        for (var i = 0; i < count; i++)
            items[i] = i;
        Shuffle(items);
        return items;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
