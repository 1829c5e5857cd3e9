using L2T.Dsl;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Experiments.NoisyLabels;

/// <summary>Learns one weighting for the whole training: its parameters are the coefficients, whatever the state.</summary>
[Teacher(typeof(WeightedCrossEntropy))]
public sealed partial class WeightTeacher
{
    /// <summary>[100, 1].</summary>
    [Parameter(100, 1, Init = Init.KaimingUniform)]
    public partial Tensor Input { get; }

    /// <summary>[100].</summary>
    [Parameter(100, Init = Init.Normal, Scale = 0.5)]
    public partial Tensor InputBias { get; }

    /// <summary>[1, 100].</summary>
    [Parameter(1, 100, Init = Init.KaimingUniform)]
    public partial Tensor Output { get; }

    /// <summary>[1].</summary>
    [Parameter(1)]
    public partial Tensor OutputBias { get; }

    [StateFeature]
    private static float Constant(in StudentState student) => 1;

    /// <summary>The coefficients of the loss.</summary>
    public (Tensor Input, Tensor InputBias, Tensor Output, Tensor OutputBias) Teach([Shape(1)] Tensor state) => (Input, InputBias, Output, OutputBias);
}
