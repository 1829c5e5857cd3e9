using L2T.Dsl.Translation.Batching;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;

namespace L2T.Dsl.Translation.Tests.Batching;

public sealed class TokenBatchSamplerTests
{
    private static readonly SubwordVocabulary Characters = SubwordVocabulary.Learn(["a"], merges: 0, minCharacterCount: 1);

    // 400 pairs of 3 to 22 positions a side, the short ones more frequent.
    private static TokenPairs Pairs { get; } = new(
        new([.. Enumerable.Range(0, 400).Select(i => new SentencePair(new string('a', 1 + (i * i % 400 / 20)), new string('a', 1 + (i * 7 % 20))))]), Characters);

    [Fact]
    public void A_batch_is_a_function_of_seed_and_step_in_any_order()
    {
        var forward = Sampler(seed: 1);
        var steps = 3 * forward.BatchesPerEpoch;
        var batches = Enumerable.Range(0, steps).Select(forward.Batch).ToList();
        var backward = Sampler(seed: 1);

        for (var step = steps - 1; step >= 0; step--)
        {
            var batch = backward.Batch(step);
            Assert.Equal(batches[step].Bucket, batch.Bucket);
            Assert.Equal(batches[step].Indices, batch.Indices);
        }
    }

    [Fact]
    public void Epochs_and_seeds_differ_in_pairs_and_in_the_order_of_shapes()
    {
        var sampler = Sampler(seed: 1);
        var other = Sampler(seed: 2);
        var first = Epoch(sampler, 0);

        foreach (var epoch in new[] { Epoch(sampler, 1), Epoch(other, 0) })
        {
            Assert.NotEqual(first.Select(batch => batch.Bucket), epoch.Select(batch => batch.Bucket));
            Assert.NotEqual(first.SelectMany(batch => batch.Indices), epoch.SelectMany(batch => batch.Indices));
        }
    }

    [Fact]
    public void An_epoch_has_no_pair_twice_and_leaves_out_less_than_a_batch_of_each_bucket()
    {
        var sampler = Sampler(seed: 3);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            var seen = Epoch(sampler, epoch).SelectMany(batch => batch.Indices).ToList();
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Equal(sampler.Buckets.Sum(bucket => bucket.Count / bucket.BatchSize * bucket.BatchSize), seen.Count);
        }
        Assert.Equal(Pairs.Count, sampler.Buckets.Sum(bucket => bucket.Count));
    }

    [Fact]
    public void All_batches_of_a_bucket_have_its_shape_and_as_many_tokens_as_are_allowed()
    {
        var sampler = Sampler(seed: 1);

        Assert.Equal(5, sampler.Buckets.Count);
        Assert.All(Epoch(sampler, 0), batch =>
        {
            var bucket = sampler.Buckets[batch.Bucket];
            Assert.Equal(bucket.BatchSize, batch.Indices.Count);
            Assert.Equal(Math.Min(bucket.Count, 200 / Math.Max(bucket.SourceLength, bucket.TargetLength)), bucket.BatchSize);
            using var places = new TokenTensors(bucket.BatchSize, bucket.SourceLength, bucket.TargetLength);
            Pairs.Gather(batch.Indices, places);
        });
    }

    [Fact]
    public void Buckets_are_cut_where_padding_is_least()
    {
        // 10 pairs of each of the lengths 3, 4, 5, and of 20, 21: two buckets part after 5, three after 4 or so.
        var pairs = new TokenPairs(
            new([.. new[] { 3, 4, 5, 20, 21 }.SelectMany(length => Enumerable.Repeat(new SentencePair(new string('a', length - 2), "a"), 10))]), Characters);

        var two = new TokenBatchSampler(pairs, 1000, buckets: 2, seed: 1).Buckets;
        var many = new TokenBatchSampler(pairs, 1000, buckets: 100, seed: 1).Buckets;

        Assert.Equal([new(5, 3, 30, 30), new(21, 3, 20, 20)], two);
        Assert.Equal([3, 4, 5, 20, 21], many.Select(bucket => bucket.SourceLength));
        Assert.Equal(new LengthBucket(21, 3, 50, 50), Assert.Single(new TokenBatchSampler(pairs, 10_000, 1, 1).Buckets));
    }

    [Fact]
    public void More_buckets_never_fill_up_more()
    {
        var before = long.MaxValue;
        for (var buckets = 1; buckets <= 20; buckets++)
        {
            var positions = new TokenBatchSampler(Pairs, 200, buckets, 1).Buckets.Sum(bucket => (long)bucket.Count * (bucket.SourceLength + bucket.TargetLength));
            Assert.True(positions <= before);
            before = positions;
        }
    }

    [Fact]
    public void What_cannot_be_batched_is_said()
    {
        Assert.Contains("no sentence of 22", Assert.Throws<L2TException>(() => new TokenBatchSampler(Pairs, 21, 5, 1)).Message);
        Assert.Contains("at least 1", Assert.Throws<L2TException>(() => new TokenBatchSampler(Pairs, 200, 0, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler(1).Batch(-1));
    }

    private static TokenBatchSampler Sampler(ulong seed) => new(Pairs, tokensPerBatch: 200, buckets: 5, seed);

    private static List<TokenBatch> Epoch(TokenBatchSampler sampler, int epoch) =>
        [.. Enumerable.Range(epoch * sampler.BatchesPerEpoch, sampler.BatchesPerEpoch).Select(sampler.Batch)];
}
