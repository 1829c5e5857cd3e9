using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

public sealed class TensorBlockTests
{
    private static readonly TensorSlot[] Layout =
    [
        new("Weight", [2, 3], Init.Normal, 1),
        new("Bias", [2], Init.Ones, 1),
        new("Scale", [], Init.Constant, 7),
    ];

    [Fact]
    public void Views_share_the_flat_buffer_in_layout_order()
    {
        using var block = new TensorBlock(Layout, float64, CPU);

        block[0].fill_(1);
        block["Bias"].fill_(2);
        block[2].fill_(3);

        Assert.Equal(9, block.Count);
        Assert.Equal([2, 3], block[0].shape);
        Assert.Empty(block[2].shape);
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 3], block.Flat.data<double>().ToArray());
    }

    [Fact]
    public void An_empty_layout_is_legal()
    {
        using var block = new TensorBlock([], float32, CPU);
        using var copy = TensorBlock.LikeZeros(block);
        using var generator = new Generator(1);

        block.Initialise(generator);
        block.Zero();
        copy.CopyFrom(block);

        Assert.Equal(0, block.Count);
        Assert.True(block.IsFinite());
    }

    [Fact]
    public void Outlives_a_dispose_scope_and_leaves_nothing_behind()
    {
        var before = Tensor.TotalCount;
        TensorBlock block;
        using (NewDisposeScope())
            block = new TensorBlock(Layout, float64, CPU);

        block.Flat.fill_(1);
        Assert.Equal(1, block[2].item<double>());
        block.Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void The_same_seed_gives_the_same_start_and_another_seed_another()
    {
        using var first = Initialised(1, float64);
        using var again = Initialised(1, float64);
        using var other = Initialised(2, float64);

        Assert.Equal(ParameterSet.From(first), ParameterSet.From(again));
        Assert.NotEqual(ParameterSet.From(first), ParameterSet.From(other));
    }

    [Fact]
    public void A_seed_means_the_same_start_for_both_element_types()
    {
        using var wide = Initialised(1, float64);
        using var narrow = Initialised(1, float32);

        Assert.Equal(wide.Flat.data<double>().ToArray().Select(value => (float)value), narrow.Flat.data<float>().ToArray());
    }

    [Fact]
    public void Copies_only_blocks_of_its_size()
    {
        using var block = new TensorBlock(Layout, float64, CPU);
        using var smaller = new TensorBlock(Layout[..2], float64, CPU);

        var fault = Assert.Throws<L2TException>(() => block.CopyFrom(smaller));

        Assert.Contains("8 elements", fault.Message);
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(double.NegativeInfinity, false)]
    [InlineData(1e300, true)]
    public void Knows_whether_it_is_finite(double value, bool expected)
    {
        using var block = new TensorBlock(Layout, float64, CPU);

        block[1].fill_(value);

        Assert.Equal(expected, block.IsFinite());
    }

    [Fact]
    public void Refuses_what_it_cannot_hold()
    {
        Assert.Contains("Float16", Assert.Throws<L2TException>(() => new TensorBlock(Layout, float16, CPU)).Message);
        Assert.Contains("Empty [0]", Assert.Throws<L2TException>(() => new TensorBlock([new("Empty", [0], Init.Zeros, 1)], float32, CPU)).Message);
        var rows = new TensorSlot("Memory", [4, 5], Init.Zeros, 1) { RowShape = [2, 3] };
        var parts = new TensorSlot("Weights", [9], Init.Zeros, 1) { PartShapes = [[2, 3], [2]] };
        Assert.Contains("2 parts", Assert.Throws<L2TException>(() => new TensorBlock([parts], float32, CPU)).Message);
        Assert.Contains("[rows, 6]", Assert.Throws<L2TException>(() => new TensorBlock([rows], float32, CPU)).Message);
    }

    [Fact]
    public void Names_what_it_has_when_asked_for_what_it_has_not()
    {
        using var block = new TensorBlock(Layout, float64, CPU);

        var fault = Assert.Throws<L2TException>(() => block["Weights"]);

        Assert.Contains("Weight, Bias, Scale", fault.Message);
    }

    private static TensorBlock Initialised(ulong seed, ScalarType dtype)
    {
        var block = new TensorBlock(Layout, dtype, CPU);
        using var generator = new Generator(seed);
        block.Initialise(generator);
        return block;
    }
}
