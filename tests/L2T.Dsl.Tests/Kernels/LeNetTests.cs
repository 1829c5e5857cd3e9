using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Kernels;

public sealed class LeNetTests
{
    [Fact]
    public void LeNet_has_the_parameters_of_the_demo()
    {
        const int FirstLayer = 20 * ((5 * 5) + 1), SecondLayer = 50 * ((20 * 5 * 5) + 1), Hidden = 500 * ((4 * 4 * 50) + 1), Output = 10 * (500 + 1);

        Assert.Equal(FirstLayer + SecondLayer + Hidden + Output, ((ITensorModule)new LeNet(20, 50, 500, 10)).Layout.Sum(slot => slot.Shape.Aggregate(1L, (n, size) => n * size)));
    }
}
