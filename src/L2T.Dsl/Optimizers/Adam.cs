using L2T.Dsl.Tensors;
using TorchSharp;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015), in PyTorch's convention, for the teacher.
/// <code>
/// m = b1 m + (1 - b1) g
/// u = b2 u + (1 - b2) g^2
/// x = x -+ eta / (1 - b1^t) * m / (sqrt(u / (1 - b2^t)) + eps)
/// </code>
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly TensorBlock _scratch;

    /// <param name="parameters">What is optimized; stays the caller's.</param>
    /// <param name="learningRate">eta.</param>
    /// <param name="beta1">b1.</param>
    /// <param name="beta2">b2.</param>
    /// <param name="epsilon">eps.</param>
    public Adam(TensorBlock parameters, double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        Parameters = parameters;
        LearningRate = learningRate;
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        FirstMoment = TensorBlock.LikeZeros(parameters);
        SecondMoment = TensorBlock.LikeZeros(parameters);
        _scratch = TensorBlock.LikeZeros(parameters);
    }

    /// <summary>What is optimized.</summary>
    public TensorBlock Parameters { get; }

    /// <summary>eta, which a schedule may change between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>m.</summary>
    public TensorBlock FirstMoment { get; }

    /// <summary>u.</summary>
    public TensorBlock SecondMoment { get; }

    /// <summary>Number of steps taken, t.</summary>
    public int Steps { get; set; }

    /// <summary>One step up the gradient: what the gradient is of grows.</summary>
    public void Ascend(TensorBlock gradient) => Step(gradient, 1);

    /// <summary>One step down the gradient: what the gradient is of falls.</summary>
    public void Descend(TensorBlock gradient) => Step(gradient, -1);

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        _scratch.Dispose();
    }

    private void Step(TensorBlock gradient, int direction)
    {
        Steps++;
        var correction1 = 1 - Math.Pow(_beta1, Steps);
        var correction2 = 1 - Math.Pow(_beta2, Steps);
        using Scalar beta1 = _beta1;
        using Scalar beta2 = _beta2;
        using Scalar new1 = 1 - _beta1;
        using Scalar new2 = 1 - _beta2;
        using Scalar epsilon = _epsilon;
        using Scalar rootCorrection2 = Math.Sqrt(correction2);
        using Scalar step = direction * LearningRate / correction1;

        FirstMoment.Flat.mul_(beta1).add_(gradient.Flat, new1);
        SecondMoment.Flat.mul_(beta2).addcmul_(gradient.Flat, gradient.Flat, new2);
        _scratch.CopyFrom(SecondMoment);
        _scratch.Flat.sqrt_().div_(rootCorrection2).add_(epsilon);
        Parameters.Flat.addcdiv_(FirstMoment.Flat, _scratch.Flat, step);
    }
}
