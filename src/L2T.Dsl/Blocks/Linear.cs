using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>An affine map of the last dimension, y = x W^T + b; weights start uniform as PyTorch's, biases at zero.</summary>
/// <param name="inFeatures">The size of the last dimension of x.</param>
/// <param name="outFeatures">The size of the last dimension of y.</param>
/// <param name="bias">Whether there is a b.</param>
[Block]
public sealed partial class Linear(int inFeatures, int outFeatures, bool bias = true)
{
    /// <summary>W, [outFeatures, inFeatures].</summary>
    [Parameter("outFeatures", "inFeatures", Init = Init.KaimingUniform)]
    public partial Tensor Weight { get; }

    /// <summary>b, [outFeatures]; null without a bias.</summary>
    [Parameter("outFeatures", If = nameof(bias))]
    public partial Tensor? Bias { get; }

    /// <summary>[N, inFeatures] to [N, outFeatures].</summary>
    public Tensor Forward([Shape("N", "inFeatures")] Tensor x) => functional.linear(x, Weight, Bias);
}
