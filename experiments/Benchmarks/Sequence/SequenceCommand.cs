namespace L2T.Experiments.Benchmarks.Sequence;

/// <summary>Steps of translators.</summary>
internal sealed class SequenceCommand : StepBenchmarkCommand
{
    /// <inheritdoc/>
    protected override IEnumerable<StepTimes> Measure(TimeSpan budget) => SequenceBenchmark.Run(budget);
}
