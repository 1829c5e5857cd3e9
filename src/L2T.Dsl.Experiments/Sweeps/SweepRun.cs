using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Metrics;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>
/// Runs what is pending of a sweep. After every trial the sweep is saved, and a teaching that is stopped goes on from its last checkpoint: so a
/// sweep that is killed loses little.
/// </summary>
/// <param name="create">An experiment with these settings, which nobody else has.</param>
/// <param name="folder">Where the sweep is kept.</param>
/// <param name="progress">Told of every trial; null: nobody.</param>
/// <param name="cancellation">Ends it between two steps of training.</param>
internal sealed class SweepRun(
    Func<IReadOnlyDictionary<string, string>, string, LossTeacherExperiment> create, RunFolder folder, TextWriter? progress, CancellationToken cancellation)
{
    /// <summary>Runs it; the sweep with all results.</summary>
    /// <exception cref="L2TException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Sweep Run(Sweep sweep)
    {
        SweepTrial[] trials = [.. sweep.Trials];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = sweep.Parallel };
        var saving = new Lock();
        try
        {
            // One at a time, in order: blocks of them would leave the long ones to one thread.
            var pending = Partitioner.Create(sweep.Trials.Where(trial => trial.State == TrialState.Pending), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(pending, options, trial =>
            {
                var result = Run(sweep, trial);
                lock (saving)
                {
                    trials[Array.IndexOf(trials, trial)] = result;
                    (sweep with { Trials = [.. trials] }).Save(folder);
                    Say(sweep, result);
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
        return sweep with { Trials = trials };
    }

    /// <summary>Where the teacher of a trial is.</summary>
    public static string TeacherPath(RunFolder folder, SweepTrial trial) => folder[FormattableString.Invariant($"teacher-{trial.Number}.l2t")];

    private SweepTrial Run(Sweep sweep, SweepTrial trial)
    {
        var start = Stopwatch.GetTimestamp();
        var path = TeacherPath(folder, trial);
        LearnedTeacher? teacher = null;
        double[] errors;
        try
        {
            var experiment = create(trial.Settings, path);
            teacher = sweep.Loss is null ? experiment.TeachOrResume(cancellation: cancellation) : null;
            errors =
            [
                .. Enumerable.Range(experiment.Seed, sweep.Seeds).Select(seed => Error(experiment, teacher is null
                    ? experiment.Train(sweep.Loss!, seed, cancellation: cancellation)
                    : experiment.Train(teacher, seed, cancellation: cancellation))),
            ];
        }
        catch (L2TException e) when (e is not TeacherNotSavedException)
        {
            return trial with { State = TrialState.Failed, Failure = ExperimentSettings.MessageOf(e), Seconds = Seconds() };
        }
        if (!errors.All(double.IsFinite))
            return trial with { State = TrialState.Failed, Failure = "The error of a student is no finite number. Lower the learning rate.", Seconds = Seconds() };
        // A full disk is no fault of the trial's settings: it ends the sweep.
        teacher?.Save(path);
        return trial with { State = TrialState.Done, Errors = errors, Seconds = Seconds() };

        double Seconds() => Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
    }

    // The teacher has learned from the development examples; examples that it has not seen say more.
    private static double Error(LossTeacherExperiment experiment, TrainedStudent student) =>
        experiment.Data.HeldOut is { } heldOut ? experiment.Evaluate(student, heldOut).Error : student.DevError;

    private void Say(Sweep sweep, SweepTrial trial)
    {
        var result = trial.State == TrialState.Done
            ? $"{sweep.Measured} error {sweep.Measure.Text(trial.Errors.Average()).TrimStart()}"
            : $"failed: {trial.Failure}";
        progress?.WriteLine(FormattableString.Invariant($"trial {trial.Number,3}/{sweep.Trials.Count}  {trial.Options}  {result}  {trial.Seconds:F1} s"));
    }
}
