using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A loss whose coefficients enter everywhere: as a matrix, a temperature, a mixture, an exponent's base.</summary>
[LossForm]
public sealed partial class MixedLoss(int classes, double power = 1.5)
{
    [Coefficient("classes", "classes", Init = Init.Identity)]
    public partial Tensor Similarity { get; }

    [Coefficient(Init = Init.Ones)]
    public partial Tensor Temperature { get; }

    [Coefficient("classes", Init = Init.Zeros)]
    public partial Tensor Mixture { get; }

    public Tensor Loss([Shape("N", "classes")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var target = functional.one_hot(labels, classes).to_type(logits.dtype);
        var logs = functional.log_softmax(logits / Temperature, 1);
        var cross = -(torch.matmul(target, Similarity) * logs).sum(1);
        var squared = (logs.exp() - target).pow(2).sum(1);
        var share = Mixture.index_select(0, labels).sigmoid();
        return (share * (1 + cross.abs()).pow(power) + (1 - share) * squared).mean();
    }
}
