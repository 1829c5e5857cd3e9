using L2T.Dsl.Data;
using L2T.Dsl.Metrics;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Data;

public sealed class LabelledDataTests
{
    [Fact]
    public void Neither_owner_ends_the_other_ones_tensors()
    {
        using var inputs = arange(6, float32).view(3, 2);
        using var labels = tensor(new long[] { 0, 1, 2 });
        LabelledData data;
        using (NewDisposeScope())
        using (var mine = inputs.alias())
            data = new LabelledData(mine, labels, 3);

        Assert.Equal([0, 1, 2, 3, 4, 5], data.Inputs.data<float>().ToArray());
        data.Dispose();

        Assert.Equal(5, inputs[2, 1].item<float>());
        Assert.Equal(2, labels[2].item<long>());
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        // What other tests left to the finalizer would go away meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        using (var inputs = ones(4, 2))
        using (var labels = zeros(4, int32))
        using (var data = new LabelledData(inputs, labels, 2))
        using (var part = data.Select([3, 1]))
        using (var both = data.Concat(part))
        {
            Assert.Equal(6, both.Count);
            Assert.Equal(int64, both.Labels.dtype);
            inputs.fill_(float.NaN);
            Assert.Throws<L2TException>(() => new LabelledData(inputs, labels, 2));
            labels.fill_(2);
            Assert.Throws<L2TException>(() => new LabelledData(labels, labels, 2));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Selects_in_the_order_asked_for()
    {
        using var inputs = arange(8, float32).view(4, 2);
        using var labels = arange(4, int64);
        using var data = new LabelledData(inputs, labels, 4);

        using var part = data.Select([3, 0, 3]);

        Assert.Equal([6, 7, 0, 1, 6, 7], part.Inputs.data<float>().ToArray());
        Assert.Equal([3, 0, 3], part.Labels.data<long>().ToArray());
        Assert.Contains("no example 4", Assert.Throws<L2TException>(() => data.Select([4])).Message);
        Assert.Throws<L2TException>(() => data.Select([]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Padding_is_one_of_the_classes(int padding)
    {
        using var scope = NewDisposeScope();
        var fault = Assert.Throws<L2TException>(() => new LabelledData(zeros(2, 4), zeros(2, int64), 3, "words") { Padding = padding });
        Assert.Contains($"words: padding is label {padding}, outside 0..2", fault.Message);
        Assert.Throws<L2TException>(() => new LabelledData(zeros(2, 4), zeros(2), "curve") { Padding = 0 });
    }

    [Fact]
    public void Data_of_other_padding_does_not_go_together()
    {
        using var scope = NewDisposeScope();
        var (padded, bare) = (new LabelledData(zeros(2, 4), zeros(2, int64), 3) { Padding = 0 }, new LabelledData(zeros(2, 4), zeros(2, int64), 3));

        Assert.Contains("3 classes, padding 0 and inputs", Assert.Throws<L2TException>(() => padded.Concat(bare)).Message);
    }

    [Fact]
    public void Padding_goes_with_the_examples()
    {
        using var inputs = zeros(3, 2);
        using var labels = tensor(new long[,] { { 1, 0 }, { 2, 1 }, { 1, 1 } });
        using var padded = new LabelledData(inputs, labels, 3) { Padding = 0 };
        using var plain = new LabelledData(inputs, labels, 3);
        using var selected = padded.Select([2, 0]);

        Assert.Equal(0, selected.Padding);
        Assert.Throws<L2TException>(() => padded.Concat(plain));
    }

    [Fact]
    public void Real_targets_stay_as_they_are_and_go_with_their_like_alone()
    {
        using var scope = NewDisposeScope();
        using var data = new LabelledData(arange(8, float32).view(4, 2), arange(4, float64).view(4, 1) / 3, "curve");
        using var other = new LabelledData(ones(3, 2), ones(3, float64), "line");
        using var labelled = new LabelledData(ones(3, 2), zeros(3, int64), 2, "classes");

        using var part = data.Select([3, 1]);
        using var both = data.Concat(part);

        Assert.Equal((0, false, ErrorMeasure.MeanSquaredError), (data.Classes, data.HasClasses, data.Measure));
        Assert.Equal(ErrorMeasure.ErrorRate, labelled.Measure);
        Assert.Equal([1, 1.0 / 3], part.Labels.data<double>().ToArray());
        Assert.Equal([6, 1], both.Labels.shape);
        Assert.Contains("targets Float64[1], line", Assert.Throws<L2TException>(() => data.Concat(other)).Message);
        Assert.Contains("curve has inputs Float32[2] and targets Float64[1], classes 2 classes", Assert.Throws<L2TException>(() => data.Concat(labelled)).Message);
    }

    public static TheoryData<string, Func<LabelledData>> Faults() => new()
    {
        { "label 3 of example 2 is outside 0..2", () => Make(ones(4, 2), tensor(new long[] { 0, 1, 3, 9 })) },
        { "label -1 of example 0", () => Make(ones(1, 2), tensor(new long[] { -1 })) },
        { "input 1 holds a NaN", () => Make(tensor(new[] { 1f, 2, 3, float.NaN }).view(2, 2), zeros(2, int64)) },
        { "input 0 holds a NaN or an infinity", () => Make(tensor(new[] { float.PositiveInfinity, 2 }).view(2, 1), zeros(2, int64)) },
        { "4 inputs but 3 labels", () => Make(ones(4, 2), zeros(3, int64)) },
        { "no examples", () => Make(ones(0, 2), zeros(0, int64)) },
        { "first dimension", () => Make(ones([]), zeros([], int64)) },
        { "Float32", () => Make(ones(4, 2), zeros(4)) },
        { "target 2 holds a NaN", () => new LabelledData(ones(4, 2), tensor(new[] { 1f, 2, float.NaN, 4 })) },
        { "target 1 holds a NaN or an infinity", () => new LabelledData(ones(2, 2), tensor(new[] { 1.0, 2, 3, double.NegativeInfinity }).view(2, 2)) },
        { "targets of type Int64", () => new LabelledData(ones(4, 2), zeros(4, int64)) },
        { "4 inputs but 3 targets", () => new LabelledData(ones(4, 2), zeros(3, 2)) },
        { "1 classes", () => new LabelledData(ones(4, 2), zeros(4, int64), 1) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong_with_the_data(string message, Func<LabelledData> make)
    {
        using var scope = NewDisposeScope();

        Assert.Contains(message, Assert.Throws<L2TException>(make).Message);
    }

    private static LabelledData Make(Tensor inputs, Tensor labels) => new(inputs, labels, 3);
}
