// The loss of a test.
using L2T.Dsl;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TaughtLosses;

/// <summary>
/// BilinearLoss with the coefficients that a teacher gave a student over 60 steps of training, in 2 stages: within a stage they
/// are those of its first step.
/// </summary>
public static class DotsTaughtLoss
{
    private static readonly DotsTaughtLoss0 Stage0 = new();
    private static readonly DotsTaughtLoss1 Stage1 = new();

    /// <summary>A scalar to minimise.</summary>
    /// <param name="progress">The share of the training that is behind the step, from 0 to less than 1.</param>
    /// <param name="logits">As of the stages.</param>
    /// <param name="labels">As of the stages.</param>
    public static Tensor Loss(double progress, Tensor logits, Tensor labels) => progress switch
    {
        < 0.5 => Stage0.Loss(logits, labels),
        _ => Stage1.Loss(logits, labels),
    };
}

/// <summary>From step 0 of 60 on.</summary>
[LossForm]
public sealed partial class DotsTaughtLoss0
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", 3)] Tensor logits, [Labels("N")] Tensor labels)
    {
        var w = tensor(new double[] { 1.5, -0.25, 0.1, 0, 2, 0.3, -1, 0.5, 1 }).reshape(3, 3).type_as(logits);
        var b = tensor(new double[] { 0.1, -0.2, 0.3 }).type_as(logits);
        var logProbabilities = functional.log_softmax(x: logits, dim: 1L);
        var z = ((w.index_select(dim: 0L, index: labels) * logProbabilities).sum(dim: 1L) + b.index_select(dim: 0L, index: labels)) + System.Math.Log(d: (double)(1.0 * 3));
        return -z.sigmoid().mean();
    }
}

/// <summary>From step 30 of 60 on.</summary>
[LossForm]
public sealed partial class DotsTaughtLoss1
{
    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", 3)] Tensor logits, [Labels("N")] Tensor labels)
    {
        var w = tensor(new double[] { 0.5, 0, 0, 0, 0.75, 0, 0, 0, 1E-07 }).reshape(3, 3).type_as(logits);
        var b = tensor(new double[] { 0, 0.5, -0.5 }).type_as(logits);
        var logProbabilities = functional.log_softmax(x: logits, dim: 1L);
        var z = ((w.index_select(dim: 0L, index: labels) * logProbabilities).sum(dim: 1L) + b.index_select(dim: 0L, index: labels)) + System.Math.Log(d: (double)(1.0 * 3));
        return -z.sigmoid().mean();
    }
}
