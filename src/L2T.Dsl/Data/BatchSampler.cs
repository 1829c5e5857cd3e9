namespace L2T.Dsl.Data;

/// <summary>
/// Which examples each training step sees: in every epoch all examples in a fresh random order, cut into batches; the remainder of an
/// epoch that fills no batch is left out. Where examples are in buckets, a batch is of one bucket, each has a remainder of its own, and the batches of
/// all are in a fresh random order too. Batch t is a function of the seed and t alone, so that a reverse sweep can ask for it again.
/// </summary>
public sealed class BatchSampler
{
    private readonly ulong _seed;
    private readonly long[][] _members;
    private readonly int[] _batchSizes;
    private readonly long[][] _orders;
    private readonly (int Bucket, int Start)[] _places;
    private readonly long[] _batches;
    private int _epoch = -1;

    /// <summary>Examples in one bucket, 0, ..., <paramref name="count"/> - 1.</summary>
    /// <param name="count">Number of examples.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="L2TException">The batch is empty, or larger than the set.</exception>
    public BatchSampler(int count, int batchSize, ulong seed)
        : this([[.. Enumerable.Range(0, count).Select(i => (long)i)]], [batchSize], seed)
    {
    }

    /// <summary>Examples in buckets.</summary>
    /// <param name="members">The examples of each bucket.</param>
    /// <param name="batchSizes">Examples in a batch of each.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="L2TException">A batch is empty, or no bucket fills one.</exception>
    public BatchSampler(IReadOnlyList<long[]> members, IReadOnlyList<int> batchSizes, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(batchSizes);
        if (batchSizes.FirstOrDefault(size => size < 1, 1) is < 1 and var wrong)
            throw new L2TException($"The batch size is {wrong}. It must be at least 1.");
        _seed = seed;
        _members = [.. members];
        _batchSizes = [.. batchSizes];
        _orders = [.. _members.Select(bucket => new long[bucket.Length])];
        _places =
        [
            .. _members.SelectMany((bucket, number) =>
                Enumerable.Range(0, bucket.Length / _batchSizes[number]).Select(batch => (number, batch * _batchSizes[number]))),
        ];
        if (_places.Length == 0)
        {
            throw new L2TException(_members.Length == 1
                ? $"A batch of {_batchSizes[0]} is larger than the training set of {_members[0].Length} examples. Lower BatchSize, or give more data."
                : $"No bucket fills a batch: they have {string.Join(", ", _members.Select((bucket, number) => $"{bucket.Length} of {_batchSizes[number]}"))}. "
                    + "Lower the batch sizes, or give more data.");
        }
        _batches = new long[_places.Length];
    }

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => _places.Length;

    /// <summary>The bucket of the examples of step <paramref name="step"/>.</summary>
    public int Bucket(int step) => Place(step).Bucket;

    /// <summary>The examples of step <paramref name="step"/>, valid until the next call.</summary>
    public ReadOnlySpan<long> Batch(int step)
    {
        var (bucket, start) = Place(step);
        return _orders[bucket].AsSpan(start, _batchSizes[bucket]);
    }

    private (int Bucket, int Start) Place(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var (epoch, batch) = Math.DivRem(step, _places.Length);
        if (epoch != _epoch)
            Shuffle(epoch);
        return _places[_batches[batch]];
    }

    private void Shuffle(int epoch)
    {
        var random = new SplitMix64(SplitMix64.Derive(_seed, RandomUse.Batches, (ulong)epoch));
        for (var bucket = 0; bucket < _orders.Length; bucket++)
        {
            _members[bucket].CopyTo(_orders[bucket], 0);
            random.Shuffle(_orders[bucket]);
        }
        for (var i = 0; i < _batches.Length; i++)
            _batches[i] = i;
        // Those of one bucket are in a random order already.
        if (_orders.Length > 1)
            random.Shuffle(_batches);
        _epoch = epoch;
    }
}
