using L2T.Dsl.Tensors;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// What trains a student, and how: a value, set as <see cref="Training.LossTeacherExperiment.Optimizer"/>. Every kind of options makes an
/// optimizer whose training can be differentiated; conventions are PyTorch's. An optimizer of one's own is a record derived from this and a
/// class derived from <see cref="ReversibleOptimizer"/>; all public properties of the record are recorded with a teacher.
/// </summary>
public abstract record OptimizerOptions
{
    /// <summary>lambda, the rate at which weights decay. Default 0: not at all.</summary>
    public virtual double WeightDecay { get; init; }

    /// <summary>
    /// Whether the decay is decoupled from the gradient, w' = (1 - eta lambda) w - ... (Loshchilov and Hutter 2019: SGDW, AdamW), or coupled,
    /// added to the gradient as lambda w. Default: coupled.
    /// </summary>
    public virtual bool DecoupledWeightDecay { get; init; }

    /// <summary>
    /// The longest that the gradient of a step may be, in the norm over all weights; a longer one is shortened to it, as by
    /// <c>torch.nn.utils.clip_grad_norm_</c>: before any weight decay is added. Default: no limit.
    /// </summary>
    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// d, in [0, 1): the student is evaluated at an exponential moving average of its weights, e' = d e + (1 - d) w', that starts as w_1, as
    /// <c>torch.optim.swa_utils.AveragedModel</c> with <c>get_ema_multi_avg_fn(d)</c> has it. Default null: at its weights.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>The optimizer.</summary>
    /// <param name="weights">The student's weights, which stay the caller's.</param>
    /// <param name="gradientScale">A factor on every gradient of the loss.</param>
    /// <param name="differentiatesSettings">
    /// Whether its adjoint step takes derivatives with respect to its settings too; this costs a block of gradients and, in each adjoint
    /// step, a gradient.
    /// </param>
    /// <exception cref="L2TException">An option is out of range.</exception>
    public abstract ReversibleOptimizer Create(TensorBlock weights, double gradientScale = 1, bool differentiatesSettings = false);

    /// <summary>Checks the options.</summary>
    /// <exception cref="L2TException">An option is out of range; the message names it.</exception>
    public virtual void Validate()
    {
        Require(WeightDecay is >= 0 and < double.PositiveInfinity, nameof(WeightDecay), WeightDecay, "finite and not negative");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "positive");
        Require(AverageDecay is null or (>= 0 and < 1), nameof(AverageDecay), AverageDecay, "at least 0 and less than 1, or null");
    }

    /// <summary>Refuses a value that is out of range.</summary>
    /// <exception cref="L2TException"><paramref name="holds"/> is false.</exception>
    protected void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new SettingRange(name, GetType().Name, value, range).Exception;
    }
}
