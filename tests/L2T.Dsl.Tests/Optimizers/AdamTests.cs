using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Optimizers;

public sealed class AdamTests
{
    private static readonly TensorSlot[] Layout = [new("A", [3], Init.Normal, 1), new("B", [2, 2], Init.Normal, 1)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Steps_as_PyTorch_does(bool ascends)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var parameters = new TensorBlock(Layout, float64, CPU);
        using var gradient = TensorBlock.LikeZeros(parameters);
        using var adam = new Adam(parameters, 0.05);
        parameters.Initialise(generator);
        var expected = new TorchSharp.Modules.Parameter(parameters.Flat.clone());
        var reference = optim.Adam([expected], 0.05, maximize: ascends);

        for (var step = 0; step < 20; step++)
        {
            gradient.Flat.normal_(0, 1, generator);
            // An element that never has a gradient must not move.
            gradient.Flat[0] = 0.0;
            expected.grad = gradient.Flat.clone();
            reference.step();
            if (ascends)
                adam.Ascend(gradient);
            else
                adam.Descend(gradient);

            Assert.True(parameters.Flat.allclose(expected, rtol: 1e-12, atol: 1e-13));
        }
        Assert.Equal(20, adam.Steps);
    }
}
