using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

public sealed class TensorInitialiserTests
{
    [Theory]
    [InlineData(Init.Zeros, 5, 0)]
    [InlineData(Init.Ones, 5, 1)]
    [InlineData(Init.Constant, 5, 5)]
    public void Fills_with_one_value(Init init, double scale, double expected) =>
        Assert.All(Filled(new("X", [3, 2], init, scale)), value => Assert.Equal(expected, value));

    [Fact]
    public void Identity_has_the_scale_on_its_diagonal() =>
        Assert.Equal([2, 0, 0, 0, 2, 0], Filled(new("X", [2, 3], Init.Identity, 2)));

    [Fact]
    public void Normal_has_mean_0_and_the_scale_as_deviation()
    {
        var values = Filled(new("X", [200, 500], Init.Normal, 0.3));

        // Four standard errors of a mean and of a deviation over 100,000 draws.
        Assert.InRange(values.Average(), -4 * 0.3 / Math.Sqrt(1e5), 4 * 0.3 / Math.Sqrt(1e5));
        Assert.InRange(Deviation(values), 0.3 * (1 - 4 / Math.Sqrt(2e5)), 0.3 * (1 + 4 / Math.Sqrt(2e5)));
    }

    // A linear weight, and a convolution's, where the kernel counts into both fans.
    [Theory]
    [InlineData(Init.KaimingUniform, new long[] { 100, 400 }, 400.0)]
    [InlineData(Init.KaimingUniform, new long[] { 100, 40, 5, 2 }, 400.0)]
    [InlineData(Init.XavierUniform, new long[] { 100, 400 }, 250.0)]
    [InlineData(Init.XavierUniform, new long[] { 100, 40, 5, 2 }, 700.0)]
    public void Uniform_ones_have_the_bound_of_their_fan(Init init, long[] shape, double fan)
    {
        const double gain = 1.5;
        var bound = gain * Math.Sqrt(3 / fan);

        var values = Filled(new("X", shape, init, gain));

        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        // The largest of 40,000 draws is all but at the bound.
        Assert.InRange(values.Max(), bound * 0.998, bound);
        Assert.InRange(Deviation(values), bound / Math.Sqrt(3) * 0.98, bound / Math.Sqrt(3) * 1.02);
    }

    // Around the lengths at which pieces end, and libtorch's groups of 16.
    [Theory]
    [InlineData(Init.Normal, 15)]
    [InlineData(Init.Normal, 17)]
    [InlineData(Init.Normal, 8192)]
    [InlineData(Init.Normal, 8193)]
    [InlineData(Init.Normal, 8208)]
    [InlineData(Init.Normal, 50_001)]
    [InlineData(Init.KaimingUniform, 8193)]
    [InlineData(Init.KaimingUniform, 50_001)]
    public void Drawing_in_pieces_gives_the_numbers_of_drawing_at_once(Init init, long count)
    {
        var slot = new TensorSlot("X", [count, 1], init, 2);
        using var generator = new Generator(3);
        using var expected = empty([count], float64);
        if (init == Init.Normal)
            expected.normal_(0, 2, generator);
        else
            expected.uniform_(-2 * Math.Sqrt(3), 2 * Math.Sqrt(3), generator);

        Assert.Equal(expected.data<double>().ToArray(), Filled(slot, seed: 3));
    }

    [Fact]
    public void Rows_are_filled_one_by_one_as_their_shape_says()
    {
        var values = Filled(new("Memory", [2, 4], Init.Identity, 1) { RowShape = [2, 2] });

        Assert.Equal([1, 0, 0, 1, 1, 0, 0, 1], values);
    }

    [Fact]
    public void Parts_are_filled_one_by_one_each_as_its_shape_says()
    {
        var values = Filled(new("Weights", [8], Init.Identity, 2) { PartShapes = [[2, 2], [1, 4]] });

        Assert.Equal([2, 0, 0, 2, 2, 0, 0, 0], values);
    }

    [Fact]
    public void Random_rows_differ_and_have_the_fan_of_a_row()
    {
        var values = Filled(new("Memory", [2, 600], Init.KaimingUniform, 1) { RowShape = [20, 30] });
        var bound = Math.Sqrt(3 / 30.0);

        Assert.NotEqual(values[..600], values[600..]);
        Assert.InRange(values.Max(), bound * 0.98, bound);
    }

    [Fact]
    public void Noise_is_added_to_the_filled_tensor()
    {
        var values = Filled(new("X", [100, 100], Init.Ones, 1) { Noise = 0.01 });

        Assert.InRange(values.Average(), 1 - 4e-4, 1 + 4e-4);
        Assert.InRange(Deviation(values), 0.0097, 0.0103);
    }

    [Theory]
    [InlineData(Init.KaimingUniform, new long[] { 3 })]
    [InlineData(Init.XavierUniform, new long[] { 3 })]
    [InlineData(Init.Identity, new long[] { 3 })]
    [InlineData((Init)99, new long[] { 3 })]
    public void Says_which_tensor_cannot_be_filled_so(Init init, long[] shape)
    {
        var fault = Assert.Throws<L2TException>(() => Filled(new("Bias", shape, init, 1)));

        Assert.Contains("Bias [3]", fault.Message);
    }

    private static double[] Filled(TensorSlot slot, ulong seed = 11)
    {
        using var target = empty(slot.Shape, float64);
        using var generator = new Generator(seed);
        TensorInitialiser.Fill(target, slot, generator);
        return target.data<double>().ToArray();
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
