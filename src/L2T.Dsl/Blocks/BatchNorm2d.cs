using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// Batch normalisation of images (Ioffe and Szegedy 2015), in PyTorch's convention: in training each channel is normalised by its mean and
/// biased variance over the batch, which are differentiated, and the running statistics move towards the mean and the unbiased variance; in
/// evaluation by the running statistics.
/// </summary>
/// <param name="channels">The number of channels.</param>
/// <param name="momentum">How far the running statistics move in a step.</param>
/// <param name="eps">What is added to the variance.</param>
[Block]
public sealed partial class BatchNorm2d(int channels, double momentum = 0.1, double eps = 1e-5)
{
    /// <summary>Whether the batch's statistics are used, where the block runs as plain C#. Generated kernels know it for themselves.</summary>
    public bool Training { get; set; }

    /// <summary>The factor, [channels].</summary>
    [Parameter("channels", Init = Init.Ones)]
    public partial Tensor Weight { get; }

    /// <summary>The offset, [channels].</summary>
    [Parameter("channels")]
    public partial Tensor Bias { get; }

    /// <summary>The running mean, [channels].</summary>
    [Buffer("channels")]
    public partial Tensor RunningMean { get; }

    /// <summary>The running variance, [channels].</summary>
    [Buffer("channels", Init = Init.Ones)]
    public partial Tensor RunningVariance { get; }

    /// <summary>[N, channels, height, width] to the same shape.</summary>
    public Tensor Forward([Shape("N", "channels", "height", "width")] Tensor x) =>
        functional.batch_norm(x, RunningMean, RunningVariance, Weight, Bias, Training, momentum, eps);
}
