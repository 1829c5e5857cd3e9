using L2T.Dsl.Optimizers;

namespace L2T.Dsl.Tests.Support;

/// <summary>An optimizer with options and a schedule that all show in the result.</summary>
/// <param name="Options">The options.</param>
/// <param name="Rate">What the learning rate of plain descent is to be multiplied by for steps of about the same length.</param>
internal sealed record OptimizerCase(OptimizerOptions Options, double Rate)
{
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;
}

/// <summary>The optimizers that every test of training goes through, alone and in combinations.</summary>
internal static class OptimizerCases
{
    private static readonly Dictionary<string, Func<double, OptimizerCase>> Cases = new()
    {
        ["plain"] = _ => new(new SgdOptions(), 1),
        ["plain, falling"] = _ => new(new SgdOptions(), 1) { Schedule = new FactorSchedule(step => 1.0 / (1 + step)) },
        ["decay"] = _ => new(new SgdOptions { WeightDecay = 0.03 }, 1),
        ["clipping"] = limit => new(new SgdOptions { ClipNorm = limit }, 1),
        ["momentum"] = _ => new(new SgdOptions { Momentum = 0.8 }, 0.3),
        ["momentum, dampening, decay"] = _ => new(new SgdOptions { Momentum = 0.8, Dampening = 0.3, WeightDecay = 0.03 }, 0.4),
        ["momentum, decay, clipping"] = limit => new(new SgdOptions { Momentum = 0.7, WeightDecay = 0.03, ClipNorm = limit }, 0.3),
        ["momentum, decoupled decay"] = _ => new(new SgdOptions { Momentum = 0.8, WeightDecay = 0.03, DecoupledWeightDecay = true }, 0.3),
        ["momentum, average"] = _ => new(new SgdOptions { Momentum = 0.8, AverageDecay = 0.9 }, 0.3),
        ["Nesterov"] = _ => new(new SgdOptions { Momentum = 0.8, Nesterov = true }, 0.3),
        ["Nesterov, decay, clipping, average"] = limit =>
            new(new SgdOptions { Momentum = 0.7, Nesterov = true, WeightDecay = 0.03, ClipNorm = limit, AverageDecay = 0.8 }, 0.3)
            {
                Schedule = LearningRateSchedule.Step(7, 0.5),
            },
        ["Adam"] = _ => new(new AdamOptions(), 0.03),
        ["Adam, decay, clipping"] = limit => new(new AdamOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.03, ClipNorm = limit }, 0.03),
        ["AdamW"] = _ => new(new AdamWOptions { WeightDecay = 0.1 }, 0.03),
        ["AdamW, warm-up, cosine, average"] = _ => new(new AdamWOptions { Beta2 = 0.98, AverageDecay = 0.9 }, 0.03)
        {
            Schedule = LearningRateSchedule.Cosine(0.1).AfterWarmUp(5),
        },
    };

    public static IReadOnlyCollection<string> Names => Cases.Keys;

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="limit">The gradient's norm where it is clipped: one that some gradients of the test are longer than, and some not.</param>
    public static OptimizerCase Get(string name, double limit = 1) => Cases[name](limit);
}
