using L2T.Dsl;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T_Experiment;

/// <summary>
/// The form of the loss, -sigma(y^T W log p + b): the paper's. Its coefficients W and b are what the teacher sets at every step. They start
/// where the loss is close to cross-entropy that is squashed.
/// </summary>
/// <param name="classes">The number of classes.</param>
[LossForm]
public sealed partial class DigitsLoss(int classes)
{
    [Coefficient("classes", "classes", Init = Init.Identity)]
    public partial Tensor W { get; }

    [Coefficient("classes")]
    public partial Tensor B { get; }

    /// <summary>The mean over the batch.</summary>
    public Tensor Loss([Shape("N", "classes")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var logProbabilities = functional.log_softmax(logits, 1);
        var z = (W.index_select(0, labels) * logProbabilities).sum(1) + B.index_select(0, labels) + Math.Log(classes);
        return -z.sigmoid().mean();
    }
}
