using L2T.Dsl;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.SineRegression;

/// <summary>
/// A loss that is a network of an output and its target and nothing else, M_phi(f(x), y) of ML3 (Bechtle et al. 2021, "Meta-Learning via Learned
/// Loss", section 3.1): two hidden layers, a softplus at the end, the mean over the batch. That a loss is least where output and target are
/// the same is not built in; it is for the teacher to find out. The network sees the error in the output's place, which a first layer of the two could
/// work out as well. Its weights are the coefficients.
/// </summary>
/// <param name="width">Units of each hidden layer.</param>
[LossForm]
public sealed partial class LearnedLoss(int width = 20)
{
    /// <summary>[width, 2], for error and target.</summary>
    [Coefficient("width", 2, Init = Init.KaimingUniform)]
    public partial Tensor First { get; }

    /// <summary>[width].</summary>
    [Coefficient("width", Init = Init.Normal, Scale = 0.5)]
    public partial Tensor FirstBias { get; }

    /// <summary>[width, width].</summary>
    [Coefficient("width", "width", Init = Init.KaimingUniform)]
    public partial Tensor Second { get; }

    /// <summary>[width].</summary>
    [Coefficient("width", Init = Init.Zeros)]
    public partial Tensor SecondBias { get; }

    /// <summary>[1, width].</summary>
    [Coefficient(1, "width", Init = Init.KaimingUniform)]
    public partial Tensor Output { get; }

    /// <summary>A scalar to minimise.</summary>
    public Tensor Loss([Shape("N", 1)] Tensor output, [Shape("N", 1)] Tensor target)
    {
        var pairs = cat([output - target, target], 1);
        var hidden = functional.linear(functional.linear(pairs, First, FirstBias).tanh(), Second, SecondBias).tanh();
        return functional.softplus(functional.linear(hidden, Output)).mean();
    }
}
