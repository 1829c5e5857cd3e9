using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// Dropout (Srivastava et al. 2014): in training each element is 0 with probability p, else divided by 1 - p. Generated kernels draw the mask
/// from the seed of the training and the step, so that the way back sees the mask of the way forward; plain C# draws libtorch's.
/// </summary>
/// <param name="p">The probability, in [0, 1).</param>
[Block]
public sealed partial class Dropout(double p = 0.5)
{
    /// <summary>Whether elements are dropped, where the block runs as plain C#. Generated kernels know it for themselves.</summary>
    public bool Training { get; set; }

    /// <summary>Any shape.</summary>
    public Tensor Forward(Tensor x) => functional.dropout(x, p, Training);
}
