namespace L2T.Dsl.Data;

/// <summary>The places of a row that are kept, as stretches within a row of known width.</summary>
internal sealed class KeptPlaces
{
    private readonly (int Start, int Length)[] _stretches;

    /// <param name="ranges">The places.</param>
    /// <param name="width">The places of a row.</param>
    /// <exception cref="L2TException">There are no such places.</exception>
    public KeptPlaces(IReadOnlyList<Range> ranges, int width)
    {
        try
        {
            _stretches = [.. ranges.Select(range => range.GetOffsetAndLength(width))];
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new L2TException($"A bucket keeps the places {string.Join(", ", ranges)} of rows of {width}. Keep places that are there.", e);
        }
        Count = _stretches.Sum(stretch => stretch.Length);
    }

    /// <summary>How many are kept.</summary>
    public int Count { get; }

    /// <summary>The places themselves.</summary>
    public IEnumerable<long> Places => _stretches.SelectMany(stretch => Enumerable.Range(stretch.Start, stretch.Length)).Select(place => (long)place);

    /// <summary>Whether all that is not kept of a row is <paramref name="padding"/>.</summary>
    public bool Hold(ReadOnlySpan<long> row, long padding)
    {
        var filled = row.Length - row.Count(padding);
        foreach (var (start, length) in _stretches)
            filled -= length - row.Slice(start, length).Count(padding);
        return filled == 0;
    }

    /// <summary>Copies what is kept of a row.</summary>
    /// <param name="row">The row, <paramref name="size"/> elements a place.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="size">The size of a place.</param>
    public void Copy(ReadOnlySpan<byte> row, Span<byte> target, int size)
    {
        foreach (var (start, length) in _stretches)
        {
            row.Slice(start * size, length * size).CopyTo(target);
            target = target[(length * size)..];
        }
    }
}
