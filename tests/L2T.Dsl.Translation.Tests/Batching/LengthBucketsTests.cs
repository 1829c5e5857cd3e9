using L2T.Dsl.Students;
using L2T.Dsl.Translation.Batching;
using L2T.Dsl.Translation.Corpora;
using L2T.Dsl.Translation.Subwords;

namespace L2T.Dsl.Translation.Tests.Batching;

public sealed class LengthBucketsTests
{
    private static readonly SubwordVocabulary Characters = SubwordVocabulary.Learn(["a"], merges: 0, minCharacterCount: 1);

    // 400 pairs of 3 to 22 positions a side, the short ones more frequent.
    private static TokenPairs Pairs { get; } = new(
        new([.. Enumerable.Range(0, 400).Select(i => new SentencePair(new string('a', 1 + (i * i % 400 / 20)), new string('a', 1 + (i * 7 % 20))))]), Characters);

    [Fact]
    public void A_batch_has_as_many_tokens_as_are_allowed()
    {
        var buckets = LengthBuckets.Choose(Pairs, 5, tokensPerBatch: 200);

        Assert.Equal(5, buckets.Count);
        Assert.Equal(Pairs.Count, buckets.Sum(bucket => bucket.Count));
        Assert.All(buckets, bucket => Assert.Equal(Math.Min(bucket.Count, 200 / Math.Max(bucket.SourceLength, bucket.TargetLength)), bucket.BatchSize));
    }

    [Fact]
    public void Buckets_are_cut_where_padding_is_least()
    {
        // 10 pairs of each of the lengths 3, 4, 5, and of 20, 21: two buckets part after 5, three after 4 or so.
        var pairs = new TokenPairs(
            new([.. new[] { 3, 4, 5, 20, 21 }.SelectMany(length => Enumerable.Repeat(new SentencePair(new string('a', length - 2), "a"), 10))]), Characters);

        var two = LengthBuckets.Choose(pairs, 2, 1000);
        var many = LengthBuckets.Choose(pairs, 100, 1000);

        Assert.Equal([new(5, 3, 30, 30), new(21, 3, 20, 20)], two);
        Assert.Equal([3, 4, 5, 20, 21], many.Select(bucket => bucket.SourceLength));
        Assert.Equal(new LengthBucket(21, 3, 50, 50), Assert.Single(LengthBuckets.Choose(pairs, 1, 10_000)));
    }

    [Fact]
    public void More_buckets_never_fill_up_more()
    {
        var before = long.MaxValue;
        for (var count = 1; count <= 20; count++)
        {
            var positions = LengthBuckets.Choose(Pairs, count, 200).Sum(bucket => (long)bucket.Count * (bucket.SourceLength + bucket.TargetLength));
            Assert.True(positions <= before);
            before = positions;
        }
    }

    [Fact]
    public void An_experiments_bucket_keeps_the_beginnings_of_source_and_target()
    {
        var student = new LstmTranslator(5, 5, 6, 4);

        var bucket = new LengthBucket(6, 4, 8, 100).Of(student, dataSourceLength: 9);

        Assert.Same(student, bucket.Student);
        Assert.Equal(8, bucket.BatchSize);
        Assert.Equal([0..6, 9..13], bucket.Inputs);
        Assert.Equal([0..4], bucket.Labels);
    }

    [Fact]
    public void What_cannot_be_batched_is_said()
    {
        Assert.Contains("no sentence of 22", Assert.Throws<L2TException>(() => LengthBuckets.Choose(Pairs, 5, 21)).Message);
        Assert.Contains("at least 1", Assert.Throws<L2TException>(() => LengthBuckets.Choose(Pairs, 0, 200)).Message);
    }
}
