using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>What generated kernels call for pooling over windows of images [n, c, h, w].</summary>
public static class Pooling
{
    /// <summary>Where the greatest element of each window stands, counted through height and width; int64.</summary>
    public static Tensor MaxIndices(
        Tensor x, long kernelH, long kernelW, long strideH, long strideW, long paddingH, long paddingW, long dilationH, long dilationW)
    {
        var (greatest, indices) = nn.functional.max_pool2d_with_indices(
            x, [kernelH, kernelW], strides: [strideH, strideW], padding: [paddingH, paddingW], dilation: [dilationH, dilationW]);
        greatest.Dispose();
        return indices;
    }
}
