using L2T.Dsl.Blocks;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Kernels;

public sealed class OptionalTensorTests
{
    [Fact]
    public void Without_a_bias_a_block_has_weights_alone()
    {
        Assert.Equal(["Weight"], ((ITensorModule)new Linear(6, 4, bias: false)).Layout.Select(slot => slot.Name));
        Assert.Equal(["Weight"], ((ITensorModule)new Conv2d(3, 16, 3, bias: false)).Layout.Select(slot => slot.Name));
        Assert.Equal(["Weight", "Bias"], ((ITensorModule)new Conv2d(3, 16, 3)).Layout.Select(slot => slot.Name));
        Assert.Equal(["Weight"], ((ITensorModule)new LayerNorm(4, bias: false)).Layout.Select(slot => slot.Name));
        Assert.Null(new Linear(6, 4, bias: false).Bias);
    }
}
