using System.Runtime.ExceptionServices;
using L2T.Dsl;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;
using L2T.Dsl.Translation.Decoding;
using L2T.Dsl.Translation.Scoring;

namespace L2T.Experiments.Translation;

/// <summary>
/// The comparison. A teacher learns from short trainings; then every loss, the taught one too, has its learning rate chosen from the same list by
/// the validation loss of one student, and as many students of the same seeds and steps. They translate the test part when all of that is done.
/// </summary>
/// <param name="settings">The command line.</param>
/// <param name="data">The pairs, which stay the caller's.</param>
/// <param name="progress">Where to say how far it is.</param>
/// <param name="cancellation">Ends it between two steps of training.</param>
internal sealed class TranslationDemo(TranslationSettings settings, TranslationData data, TextWriter progress, CancellationToken cancellation)
{
    // Far from the seeds of the students that count.
    private const int TuningOffset = 1_000_000;

    /// <summary>Runs it all.</summary>
    /// <exception cref="L2TException">A setting does not fit the data, or training fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TranslationResult> Run()
    {
        var experiment = Translators.Create(settings, data, data.Buckets, settings.Steps, settings.Rates[0]);
        if (settings.Losses.FirstOrDefault(loss => !experiment.FixedLosses.Contains(loss)) is { } unknown)
            throw new L2TException($"--losses: there is no loss '{unknown}'. There are: {string.Join(", ", experiment.FixedLosses)}.");
        var teacher = Teach();
        string[] losses = [.. settings.Losses, LossTeacherExperiment.TaughtLossName];
        var rates = settings.Rates;

        // A rate at which training fails is not chosen; of one alone there is nothing to choose.
        var tuned = rates.Count == 1 ? new double[losses.Length] : Each(losses.Length * rates.Count, i => ErrorAt(losses[i / rates.Count], rates[i % rates.Count]));
        double[] chosen = [.. losses.Select((_, loss) => rates.Zip(tuned.Skip(loss * rates.Count)).MinBy(pair => pair.Second).First)];
        progress.WriteLine($"learning rates: {string.Join(", ", losses.Zip(chosen, (loss, rate) => FormattableString.Invariant($"{loss} {rate}")))}");

        var students = Each(losses.Length * settings.Seeds, i => Train(losses[i / settings.Seeds], chosen[i / settings.Seeds], settings.Seed + (i % settings.Seeds)));
        progress.WriteLine($"{students.Length} students are trained; they translate {data.Test.Count} sentences");
        var scores = Each(students.Length, i => Score(students[i]));
        return
        [
            .. losses.Select((loss, i) => new TranslationResult(
                loss,
                chosen[i],
                [.. students.Skip(i * settings.Seeds).Take(settings.Seeds).Select(student => student.DevError)],
                [.. scores.Skip(i * settings.Seeds).Take(settings.Seeds)])),
        ];

        double ErrorAt(string loss, double rate)
        {
            try
            {
                return experiment.Evaluate(Train(loss, rate, settings.Seed + TuningOffset), data.Split.HeldOut!).ErrorRate;
            }
            catch (NonFiniteException)
            {
                return double.PositiveInfinity;
            }
        }

        TrainedStudent Train(string loss, double rate, int seed) => loss == LossTeacherExperiment.TaughtLossName
            ? experiment.Train(teacher, seed, rate, cancellation: cancellation)
            : experiment.Train(loss, seed, rate, cancellation: cancellation);

        double Score(TrainedStudent student)
        {
            var tokens = settings.TargetLength - 1;
            var model = new PaddedStudent(words => experiment.Predict(student, words), settings.SourceLength, settings.TargetLength);
            var translator = new Translator(model, data.Vocabulary)
            {
                Beam = settings.Beam == 1 ? null : new BeamOptions(settings.Beam, MaxTokens: tokens),
                MaxTokens = tokens,
            };
            var translations = translator.Translate([.. data.Test.Select(pair => pair.Source)]);
            return Bleu.OfText(translations, [.. data.Test.Select(pair => pair.Target)]).Score;
        }
    }

    private LearnedTeacher Teach()
    {
        var experiment = Translators.Create(settings, data, data.Buckets, settings.TaughtSteps, settings.Rates[0]);
        return experiment.Teach(new ProgressLines(progress), cancellation);
    }

    // Students side by side: inside one there is too little to share.
    private T[] Each<T>(int count, Func<int, T> body)
    {
        var results = new T[count];
        try
        {
            Parallel.For(
                0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, i => results[i] = body(i));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
        return results;
    }
}
