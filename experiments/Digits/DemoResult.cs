using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Experiments.Digits;

/// <summary>What the demo found.</summary>
/// <param name="Comparison">The table.</param>
/// <param name="Rates">The learning rate chosen for each loss.</param>
/// <param name="Results">The errors behind the table, by loss.</param>
/// <param name="Failures">What became of the losses that are not in the table.</param>
internal sealed record DemoResult(
    Comparison Comparison,
    IReadOnlyDictionary<string, double> Rates,
    IReadOnlyDictionary<string, IReadOnlyList<SeedResult>> Results,
    IReadOnlyDictionary<string, NonFiniteException> Failures);
