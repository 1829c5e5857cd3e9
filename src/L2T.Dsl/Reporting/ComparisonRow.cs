using L2T.Dsl.Metrics;

namespace L2T.Dsl.Reporting;

/// <summary>One loss in a comparison, over all its seeds. Errors are shares of wrong answers, or mean squared errors.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Seeds">Number of seeds.</param>
/// <param name="DevError">The development error, with its 95 % interval.</param>
/// <param name="TestError">The test error, with its 95 % interval.</param>
/// <param name="PValue">
/// Two-sided p-value of the paired t-test of the test errors against the reference loss, seed by seed; null for the reference itself and where
/// there are fewer than two seeds.
/// </param>
/// <param name="RankPValue">The same by Wilcoxon's signed-rank test.</param>
/// <param name="EffectSize">
/// Cohen's d of the same pairs, negative where there are fewer errors than under the reference: <see cref="SeedStatistics.PairedEffectSize"/>.
/// </param>
public sealed record ComparisonRow(
    string Loss, int Seeds, Interval DevError, Interval TestError, double? PValue, double? RankPValue, double? EffectSize);
