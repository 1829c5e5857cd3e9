using L2T.Dsl.Data;

namespace L2T.Dsl.Translation.Batching;

/// <summary>
/// Which pairs each training step sees. Pairs are in a few buckets of like lengths, and a batch is of one bucket, so that there are as many shapes
/// as buckets, and they come again. In every epoch the pairs of each bucket are in a fresh random order, cut into batches, and the batches of all
/// buckets too; the remainder of a bucket that fills no batch is left out. Batch t is a function of the seed and t alone, so that a reverse
/// sweep can ask for it again.
/// </summary>
public sealed class TokenBatchSampler
{
    private readonly ulong _seed;
    private readonly LengthBucket[] _buckets;
    private readonly int[][] _members;
    private readonly long[][] _orders;
    private readonly long[] _batches;
    private readonly (int Bucket, int Start)[] _places;
    private int _epoch = -1;

    /// <param name="pairs">The pairs.</param>
    /// <param name="tokensPerBatch">The most tokens of a side in a batch, padding included.</param>
    /// <param name="buckets">The most buckets; fewer where there are fewer lengths.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="L2TException">There is no bucket, or a batch holds not one pair of the longest.</exception>
    public TokenBatchSampler(TokenPairs pairs, int tokensPerBatch, int buckets, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (buckets < 1)
            throw new L2TException($"{pairs.Name} in {buckets} buckets. Use at least 1.");
        var longest = Math.Max(pairs.MaxSourceLength, pairs.MaxTargetLength);
        if (tokensPerBatch < longest)
        {
            throw new L2TException($"A batch of {tokensPerBatch} tokens holds no sentence of {longest}, which {pairs.Name} has. Raise the tokens of a batch, or lower the "
                + "limit of a sentence's length.");
        }
        _seed = seed;
        (_buckets, _members) = LengthBuckets.Choose(pairs, buckets, tokensPerBatch);
        _orders = [.. _members.Select(members => new long[members.Length])];
        _places =
        [
            .. _buckets.SelectMany((bucket, number) =>
                Enumerable.Range(0, bucket.Count / bucket.BatchSize).Select(batch => (number, batch * bucket.BatchSize))),
        ];
        _batches = new long[_places.Length];
    }

    /// <summary>The buckets, the shortest first.</summary>
    public IReadOnlyList<LengthBucket> Buckets => _buckets;

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => _places.Length;

    /// <summary>The pairs of step <paramref name="step"/>.</summary>
    public TokenBatch Batch(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var (epoch, batch) = Math.DivRem(step, BatchesPerEpoch);
        if (epoch != _epoch)
            Shuffle(epoch);
        var (bucket, start) = _places[_batches[batch]];
        int[] indices = [.. _orders[bucket].AsSpan(start, _buckets[bucket].BatchSize).ToArray().Select(position => _members[bucket][position])];
        return new TokenBatch(bucket, indices);
    }

    private void Shuffle(int epoch)
    {
        var random = new SplitMix64(SplitMix64.Derive(_seed, RandomUse.Batches, (ulong)epoch));
        foreach (var order in _orders.Append(_batches))
        {
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            random.Shuffle(order);
        }
        _epoch = epoch;
    }
}
