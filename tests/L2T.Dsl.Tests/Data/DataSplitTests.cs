using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Data;

public sealed class DataSplitTests
{
    [Fact]
    public void In_order_is_in_order()
    {
        using var data = Numbered(10);

        var split = DataSplit.InOrder(data, train: 4, dev: 2, test: 2, heldOut: 1);

        Assert.Equal([0, 1, 2, 3], Numbers(split.Train));
        Assert.Equal([4, 5], Numbers(split.Dev));
        Assert.Equal([6], Numbers(split.HeldOut!));
        Assert.Equal([7, 8], Numbers(split.Test));
    }

    [Fact]
    public void Shuffled_parts_are_disjoint_and_come_from_the_seed()
    {
        using var data = Numbered(100);

        var split = DataSplit.Shuffled(data, 40, 30, 20, seed: 7, heldOut: 10);
        var again = DataSplit.Shuffled(data, 40, 30, 20, seed: 7, heldOut: 10);
        var other = DataSplit.Shuffled(data, 40, 30, 20, seed: 8, heldOut: 10);

        Assert.Equal(Enumerable.Range(0, 100), All(split).Order());
        Assert.NotEqual(Enumerable.Range(0, 40), Numbers(split.Train));
        Assert.Equal(All(split), All(again));
        Assert.NotEqual(All(split), All(other));
    }

    [Fact]
    public void Folds_test_every_example_once()
    {
        using var data = Numbered(23);

        var splits = Enumerable.Range(0, 5).Select(fold => DataSplit.Fold(data, 5, fold, dev: 6, seed: 1, heldOut: 2)).ToList();

        Assert.Equal(Enumerable.Range(0, 23), splits.SelectMany(split => Numbers(split.Test)).Order());
        Assert.All(splits, split =>
        {
            Assert.Equal(Enumerable.Range(0, 23), All(split).Order());
            Assert.Equal(6, split.Dev.Count);
            Assert.Equal(2, split.HeldOut!.Count);
        });
    }

    [Fact]
    public void Development_examples_can_be_trained_on_too()
    {
        using var data = Numbered(10);

        var split = DataSplit.InOrder(data, 4, 2, 2).TrainOnDevToo();

        Assert.Equal([0, 1, 2, 3, 4, 5], Numbers(split.Train));
        Assert.Equal([6, 7], Numbers(split.Test));
    }

    [Fact]
    public void Refuses_parts_that_cannot_be()
    {
        using var data = Numbered(10);
        using var others = new LabelledData(ones(3, 2), zeros(3, int64), 50);

        Assert.Contains("too few", Assert.Throws<L2TException>(() => DataSplit.InOrder(data, 5, 5, 1)).Message);
        Assert.Contains("at least one", Assert.Throws<L2TException>(() => DataSplit.InOrder(data, 5, 0, 1)).Message);
        Assert.Contains("no fold 5", Assert.Throws<L2TException>(() => DataSplit.Fold(data, 5, 5, 1, 0)).Message);
        Assert.Contains("folds", Assert.Throws<L2TException>(() => DataSplit.Fold(data, 11, 0, 1, 0)).Message);
        Assert.Contains("alike", Assert.Throws<L2TException>(() => new DataSplit(data, others, data)).Message);
    }

    private static LabelledData Numbered(int count)
    {
        using var inputs = arange(count, float32).view(count, 1);
        using var labels = zeros(count, int64);
        return new LabelledData(inputs, labels, 50);
    }

    private static IEnumerable<int> Numbers(LabelledData data) => data.Inputs.data<float>().ToArray().Select(value => (int)value);

    private static List<int> All(DataSplit split) =>
        [.. Numbers(split.Train), .. Numbers(split.Dev), .. split.HeldOut is null ? [] : Numbers(split.HeldOut), .. Numbers(split.Test)];
}
