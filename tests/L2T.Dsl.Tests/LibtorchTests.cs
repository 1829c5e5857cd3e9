using TorchSharp;

namespace L2T.Dsl.Tests;

public sealed class LibtorchTests
{
    [Fact]
    public void One_plus_one_is_two()
    {
        using var one = torch.ones(1, torch.float64);
        using var two = one + one;

        Assert.Equal(2.0, two.item<double>());
    }
}
