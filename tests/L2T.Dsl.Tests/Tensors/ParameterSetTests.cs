using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

public sealed class ParameterSetTests
{
    private static readonly TensorSlot[] Layout = [new("A", [2], Init.Zeros, 1), new("B", [1], Init.Zeros, 1)];

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_round_trip_keeps_every_bit(ScalarType dtype)
    {
        using var block = new TensorBlock(Layout, dtype, CPU);
        using var copy = TensorBlock.LikeZeros(block);
        using var generator = new Generator(3);
        block.Flat.normal_(0, 1, generator);

        var set = ParameterSet.From(block);
        set.CopyTo(copy);

        Assert.True(block.Flat.Equals(copy.Flat));
        Assert.Equal(set, ParameterSet.From(copy));
        Assert.Equal(block["B"].to(float64).item<double>(), set["B"][0]);
    }

    [Fact]
    public void Goes_only_into_a_block_of_its_layout()
    {
        var set = new ParameterSet(Layout, [1, 2, 3]);
        using var other = new TensorBlock([new("A", [3], Init.Zeros, 1)], float64, CPU);

        Assert.Contains("A [2]; B [1]", Assert.Throws<L2TException>(() => set.CopyTo(other)).Message);
        Assert.Throws<L2TException>(() => new ParameterSet(Layout, [1, 2]));
        Assert.Contains("A, B", Assert.Throws<L2TException>(() => set["C"].Length).Message);
    }
}
