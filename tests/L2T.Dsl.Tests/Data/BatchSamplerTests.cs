using L2T.Dsl.Data;

namespace L2T.Dsl.Tests.Data;

public sealed class BatchSamplerTests
{
    [Fact]
    public void An_epoch_has_no_example_twice_and_leaves_out_the_remainder()
    {
        var sampler = new BatchSampler(count: 23, batchSize: 5, seed: 1);

        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = Enumerable.Range(4 * epoch, 4).SelectMany(step => sampler.Batch(step).ToArray()).ToList();

            Assert.Equal(20, seen.Distinct().Count());
            Assert.All(seen, index => Assert.InRange(index, 0, 22));
        }
    }

    [Fact]
    public void A_batch_is_a_function_of_seed_and_step_in_any_order()
    {
        var forward = new BatchSampler(23, 5, 1);
        var batches = Enumerable.Range(0, 30).Select(step => forward.Batch(step).ToArray()).ToList();
        var backward = new BatchSampler(23, 5, 1);

        for (var step = 29; step >= 0; step--)
            Assert.Equal(batches[step], backward.Batch(step).ToArray());
    }

    [Fact]
    public void Epochs_and_seeds_differ()
    {
        var sampler = new BatchSampler(1000, 1000, 1);
        var first = sampler.Batch(0).ToArray();

        Assert.NotEqual(first, sampler.Batch(1).ToArray());
        Assert.NotEqual(first, new BatchSampler(1000, 1000, 2).Batch(0).ToArray());
    }

    [Fact]
    public void Every_example_is_as_likely_in_every_place()
    {
        const int epochs = 20_000;
        var counts = new int[4, 4];
        var sampler = new BatchSampler(4, 4, 5);

        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var batch = sampler.Batch(epoch);
            for (var place = 0; place < 4; place++)
                counts[place, batch[place]]++;
        }

        // Five standard deviations of a binomial count.
        var expected = epochs / 4.0;
        var tolerance = 5 * Math.Sqrt(epochs * 0.25 * 0.75);
        foreach (var count in counts)
            Assert.InRange(count, expected - tolerance, expected + tolerance);
    }

    [Theory]
    [InlineData(0, "at least 1")]
    [InlineData(24, "larger than the training set of 23")]
    public void Refuses_batches_that_cannot_be(int batchSize, string message) =>
        Assert.Contains(message, Assert.Throws<L2TException>(() => new BatchSampler(23, batchSize, 1)).Message);

    [Fact]
    public void The_order_is_the_same_on_every_machine_and_version()
    {
        var sampler = new BatchSampler(10, 10, 2024);

        // From a second implementation of SplitMix64, Lemire's bounded draw and the shuffle.
        Assert.Equal([0, 8, 7, 9, 5, 2, 4, 6, 3, 1], sampler.Batch(0).ToArray());
    }

    [Fact]
    public void Batches_of_several_buckets_are_of_one_each_and_come_mixed()
    {
        var (members, sizes) = (new[] { Some(0, 40), Some(40, 3), Some(43, 25) }, new[] { 6, 4, 5 });
        var sampler = new BatchSampler(members, sizes, 3);
        var (first, second) = (Epoch(0), Epoch(1));

        Assert.Equal(11, sampler.BatchesPerEpoch);
        Assert.NotEqual(first.Select(batch => batch.Bucket), second.Select(batch => batch.Bucket));
        Assert.NotEqual(first.Select(batch => batch.Bucket), Epoch(0, seed: 4).Select(batch => batch.Bucket));
        foreach (var epoch in new[] { first, second })
        {
            Assert.Equal([6, 0, 5], sizes.Select((_, bucket) => epoch.Count(batch => batch.Bucket == bucket)));
            Assert.All(epoch, batch => Assert.Subset(members[batch.Bucket].ToHashSet(), batch.Examples.ToHashSet()));
            Assert.All(epoch, batch => Assert.Equal(sizes[batch.Bucket], batch.Examples.Length));
            var seen = epoch.SelectMany(batch => batch.Examples).ToList();
            Assert.Equal(seen.Count, seen.Distinct().Count());
        }

        // In any order.
        for (var step = 10; step >= 0; step--)
            Assert.Equal(first[step].Examples, sampler.Batch(step).ToArray());

        (int Bucket, long[] Examples)[] Epoch(int epoch, ulong seed = 3)
        {
            var of = seed == 3 ? sampler : new BatchSampler(members, sizes, seed);
            return [.. Enumerable.Range(11 * epoch, 11).Select(step => (of.Bucket(step), of.Batch(step).ToArray()))];
        }

        static long[] Some(int start, int count) => [.. Enumerable.Range(start, count).Select(i => (long)i)];
    }

    [Fact]
    public void Buckets_that_fill_no_batch_are_refused() =>
        Assert.Contains("2 of 3, 1 of 2", Assert.Throws<L2TException>(() => new BatchSampler([[0, 1], [2]], [3, 2], 1)).Message);
}
