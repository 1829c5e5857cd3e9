using L2T.Dsl.Tensors;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// The exponential moving average of the weights, at which the student is evaluated at the end of its training;
/// <c>torch.optim.swa_utils.AveragedModel</c> with <c>get_ema_multi_avg_fn(d)</c>.
/// <code>
/// step     e' = w'                    at the first step
///          e' = d e + (1 - d) w'      later
/// adjoint  aw' += ae'                 at the first step       (a_ = dM/d_)
///          aw' += (1 - d) ae'         later
///          ae = d ae'
/// </code>
/// The adjoint needs none of its values.
/// </summary>
/// <param name="weights">The student's weights w, which stay the caller's.</param>
/// <param name="decay">d.</param>
internal sealed class WeightAverage(TensorBlock weights, double decay) : IDisposable
{
    private TensorBlock? _other;
    private bool _evaluating;

    /// <summary>e.</summary>
    public TensorBlock Value { get; } = TensorBlock.LikeZeros(weights);

    // Holds the last weights during the evaluation and ae on the way back.
    private TensorBlock Other => _other ??= TensorBlock.LikeZeros(weights);

    /// <summary>All that it holds on the way forward and back.</summary>
    public IReadOnlyList<TensorBlock> Blocks => [Value, Other];

    /// <summary>Forgets the past.</summary>
    public void Reset() => _evaluating = false;

    /// <summary>Takes in the weights after step <paramref name="step"/>.</summary>
    public void Step(int step)
    {
        if (step == 0)
        {
            Value.CopyFrom(weights);
            return;
        }
        Value.Scale(decay);
        Value.Add(weights, 1 - decay);
    }

    /// <summary>Puts the average in the place of the weights.</summary>
    public void BeginEvaluation()
    {
        Other.CopyFrom(weights);
        weights.CopyFrom(Value);
        _evaluating = true;
    }

    /// <summary>Puts the weights back, and takes dM/de_T out of the place of dM/dw_T.</summary>
    public void ResetAdjoint(TensorBlock weightAdjoint)
    {
        if (_evaluating)
            weights.CopyFrom(Other);
        _evaluating = false;
        Other.CopyFrom(weightAdjoint);
        // Not the adjoint of the buffers: they are not averaged.
        weightAdjoint.Flat.fill_(0);
    }

    /// <summary>The adjoint of <see cref="Step"/>, before that of the step itself.</summary>
    public void AdjointStep(TensorBlock weightAdjoint, int step)
    {
        weightAdjoint.Add(Other, step == 0 ? 1 : 1 - decay);
        Other.Scale(decay);
    }

    public void Dispose()
    {
        Value.Dispose();
        _other?.Dispose();
    }
}
