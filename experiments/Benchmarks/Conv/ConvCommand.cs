namespace L2T.Experiments.Benchmarks.Conv;

/// <summary>Steps of convolutional networks.</summary>
internal sealed class ConvCommand : StepBenchmarkCommand
{
    /// <inheritdoc/>
    protected override IEnumerable<StepTimes> Measure(TimeSpan budget) => ConvBenchmark.Run(budget);
}
