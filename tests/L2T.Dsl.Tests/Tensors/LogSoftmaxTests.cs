using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

public sealed class LogSoftmaxTests
{
    [Theory]
    [InlineData(2, 1e8)]
    [InlineData(2, 800)]
    [InlineData(37, -1e4)]
    [InlineData(70_000, 5)]
    public void Beside_large_numbers_the_normaliser_is_not_lost(int columns, double at)
    {
        using var scope = NewDisposeScope();
        var x = full([3, columns], at, float32);
        var result = empty([3, columns], float32);

        Small.LogSoftmax(result, x, 1);

        Assert.True(result.allclose(full_like(result, -Math.Log(columns)), 1e-6, 1e-6));
    }
}
