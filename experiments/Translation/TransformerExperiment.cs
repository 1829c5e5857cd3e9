using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;

namespace L2T.Experiments.Translation;

/// <summary>The Transformer under a taught loss and under fixed ones.</summary>
[Experiment(typeof(TransformerTranslator), typeof(TranslationTeacher), Metric = typeof(ExpectedTokenAccuracy), Baselines =
[
    typeof(TokenCrossEntropy), typeof(TokenSmoothZeroOne), typeof(TokenLargeMargin), typeof(TokenLabelSmoothing),
])]
public sealed partial class TransformerExperiment
{
    /// <summary>The learning rate falls to 0 in a straight line, for every loss.</summary>
    public override LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear();
}
