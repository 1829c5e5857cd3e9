namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>Steps of a perceptron.</summary>
internal sealed class HyperStepCommand : StepBenchmarkCommand
{
    /// <inheritdoc/>
    protected override IEnumerable<StepTimes> Measure(TimeSpan budget) => HyperStepBenchmark.Run(budget);
}
