using static TorchSharp.torch;

namespace L2T.Dsl.Students;

/// <summary>Layers each of which reads what went into the block and what all layers before it added (Huang et al. 2017, section 3).</summary>
/// <param name="channels">The channels of x.</param>
/// <param name="growth">The channels that each layer adds.</param>
/// <param name="layers">The layers.</param>
/// <param name="dropout">The probability of dropout behind each convolution.</param>
[Block]
public sealed partial class DenseBlock(int channels, int growth, int layers, double dropout = 0)
{
    private readonly DenseLayer[] _layers = BlockArray.Of(layers, i => new DenseLayer(channels + i * growth, growth, dropout));

    /// <summary>[N, channels, height, width] to [N, channels + layers * growth, height, width].</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x)
    {
        foreach (var layer in _layers)
            x = cat([x, layer.Forward(x)], 1);

        return x;
    }
}
