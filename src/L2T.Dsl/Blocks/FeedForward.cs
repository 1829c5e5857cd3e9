using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>The position-wise network of the Transformer (Vaswani et al. 2017, section 3.3): two affine maps with a rectifier between.</summary>
/// <param name="width">The size of a vector.</param>
/// <param name="inner">The size between the maps.</param>
[Block]
public sealed partial class FeedForward(int width, int inner)
{
    /// <summary>Up, [inner, width].</summary>
    [Parameter("inner", "width", Init = Init.KaimingUniform)]
    public partial Tensor Up { get; }

    /// <summary>The bias on the way up, [inner].</summary>
    [Parameter("inner")]
    public partial Tensor UpBias { get; }

    /// <summary>Down, [width, inner].</summary>
    [Parameter("width", "inner", Init = Init.KaimingUniform)]
    public partial Tensor Down { get; }

    /// <summary>The bias on the way down, [width].</summary>
    [Parameter("width")]
    public partial Tensor DownBias { get; }

    /// <summary>[..., width] to the same shape.</summary>
    public Tensor Forward(Tensor x) => functional.linear(functional.relu(functional.linear(x, Up, UpBias)), Down, DownBias);
}
