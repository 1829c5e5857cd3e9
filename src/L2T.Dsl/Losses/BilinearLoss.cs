using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Losses;

/// <summary>
/// The paper's loss form (section 3.1): -sigma(y^T W log p + b), averaged over the batch. Here b is a vector, of which y
/// takes one entry, as in the authors' demo, and counts from log K: with W = I and b = 0 the loss then has its steepest
/// slope for a student that knows nothing yet, where a plain sigma would be flat.
/// </summary>
/// <param name="classes">K.</param>
[LossForm]
public sealed partial class BilinearLoss(int classes)
{
    /// <summary>W, [K, K]: row y weighs the log-probabilities of all classes where y is right.</summary>
    [Coefficient("classes", "classes", Init = Init.Identity)]
    public partial Tensor W { get; }

    /// <summary>b - log K, [K].</summary>
    [Coefficient("classes")]
    public partial Tensor B { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", "classes")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var logProbabilities = functional.log_softmax(logits, 1);
        var z = (W.index_select(0, labels) * logProbabilities).sum(1) + B.index_select(0, labels) + Math.Log(classes);
        return -z.sigmoid().mean();
    }
}
