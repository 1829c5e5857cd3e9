using System.Globalization;
using L2T.Dsl;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using L2T.Dsl.Translation.Batching;

namespace L2T.Experiments.Translation;

/// <summary>
/// The time of the processor that a pair takes in batches cut to buckets, and in batches of one shape: by what two epochs of the same pairs take more than one,
/// so that what comes before and behind them does not count, in one process, in turn. Steps with a fixed loss, and an episode of teaching, which is
/// steps with the taught loss and the way back through them.
/// </summary>
/// <param name="settings">The command line.</param>
/// <param name="data">The pairs, which stay the caller's.</param>
internal sealed class BucketTimes(TranslationSettings settings, TranslationData data)
{
    private const int Rounds = 5;
    private const int Seed = 1;

    private LengthBucket[] OneShape => [new(settings.SourceLength, settings.TargetLength, settings.Batch, data.Split.Train.Count)];

    /// <summary>Measures and says it.</summary>
    /// <exception cref="L2TException">A setting does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Write(TextWriter output, CancellationToken cancellation)
    {
        Allocator.KeepMemory();
        foreach (var bucket in data.Buckets)
            output.WriteLine($"up to {bucket.SourceLength} and {bucket.TargetLength} tokens: {bucket.Count} pairs, {bucket.BatchSize} a batch");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"padding: {100 * Padding(data.Buckets):F1} % of all places in buckets, {100 * Padding(OneShape):F1} % in one shape"));
        Compare("a step with a fixed loss", experiment => experiment.Train(settings.Losses[0], Seed, cancellation: cancellation));
        Compare("a step of teaching, and its reverse", experiment => experiment.Differentiate(experiment.InitialTeacher(), 0, cancellation));

        void Compare(string what, Action<LossTeacherExperiment> run)
        {
            var (cut, filled) = (new Epoch(settings, data, data.Buckets), new Epoch(settings, data, OneShape));
            for (var round = 0; round < Rounds; round++)
            {
                cut.Time(run);
                filled.Time(run);
            }
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {cut.Milliseconds:F2} ms a pair in buckets ({cut.Steps} steps), {filled.Milliseconds:F2} in one shape ({filled.Steps} steps), {cut.Milliseconds / filled.Milliseconds:F2} of it (medians of {Rounds})"));
        }
    }

    private double Padding(IReadOnlyList<LengthBucket> buckets) =>
        1 - (data.Tokens / (double)buckets.Sum(bucket => (long)bucket.Count * (bucket.SourceLength + bucket.TargetLength)));

    // All whole batches of all buckets, once each.
    private sealed class Epoch(TranslationSettings settings, TranslationData data, IReadOnlyList<LengthBucket> buckets)
    {
        private readonly List<double> _milliseconds = [];

        public int Steps { get; } = buckets.Sum(bucket => bucket.Count / bucket.BatchSize);

        public double Milliseconds => _milliseconds.Order().ElementAt(_milliseconds.Count / 2);

        public void Time(Action<LossTeacherExperiment> run)
        {
            if (_milliseconds.Count == 0)
                TimeOf(run, 1); // code is compiled
            var once = TimeOf(run, 1);
            _milliseconds.Add((TimeOf(run, 2) - once) / buckets.Sum(bucket => bucket.Count / bucket.BatchSize * bucket.BatchSize));
        }

        private double TimeOf(Action<LossTeacherExperiment> run, int epochs)
        {
            var experiment = Translators.Create(settings, data, buckets, epochs * Steps, settings.Rates[0], stateInterval: epochs * Steps);
            var start = Environment.CpuUsage.TotalTime;
            run(experiment);
            return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
        }
    }
}
