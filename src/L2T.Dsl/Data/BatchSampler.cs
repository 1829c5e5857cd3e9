namespace L2T.Dsl.Data;

/// <summary>
/// Which examples each training step sees: in every epoch all examples in a fresh random order, cut into batches; the remainder of an
/// epoch that fills no batch is left out. Batch t is a function of the seed and t alone, so that a reverse sweep can ask for it again.
/// </summary>
public sealed class BatchSampler
{
    private readonly ulong _seed;
    private readonly int _batchSize;
    private readonly int _batchesPerEpoch;
    private readonly long[] _order;
    private int _epoch = -1;

    /// <param name="count">Number of examples.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="L2TException">The batch is empty, or larger than the set.</exception>
    public BatchSampler(int count, int batchSize, ulong seed)
    {
        if (batchSize < 1)
            throw new L2TException($"The batch size is {batchSize}. It must be at least 1.");
        if (batchSize > count)
            throw new L2TException($"A batch of {batchSize} is larger than the training set of {count} examples. Lower BatchSize, or give more data.");
        _seed = seed;
        _batchSize = batchSize;
        _batchesPerEpoch = count / batchSize;
        _order = new long[count];
    }

    /// <summary>The examples of step <paramref name="step"/>, valid until the next call.</summary>
    public ReadOnlySpan<long> Batch(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var (epoch, batch) = Math.DivRem(step, _batchesPerEpoch);
        if (epoch != _epoch)
        {
            for (var i = 0; i < _order.Length; i++)
                _order[i] = i;
            new SplitMix64(SplitMix64.Derive(_seed, RandomUse.Batches, (ulong)epoch)).Shuffle(_order);
            _epoch = epoch;
        }
        return _order.AsSpan(batch * _batchSize, _batchSize);
    }
}
