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
}
