using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Experiments.Digits;

/// <summary>
/// One repetition of the comparison: a draw of training, development and held-out examples, and what is trained on it. The students of all
/// losses start from the same weights and see the same batches.
/// </summary>
internal sealed class Repetition : IDisposable
{
    /// <summary>The loss that the others are tested against.</summary>
    public const string Reference = "CrossEntropy";

    /// <summary>The reference trained on the development and held-out examples too: what a fixed loss makes of all labels the teacher sees.</summary>
    public const string OnAllLabels = "CrossEntropy on train and dev";

    // Now and then a student's training is chaotic, and the gradient through it astronomic.
    private const double TeacherGradientClip = 0.3;

    private readonly DemoSettings _settings;
    private readonly DataSplit _split;

    /// <param name="settings">The command line.</param>
    /// <param name="data">Where the examples come from; stays the caller's.</param>
    /// <param name="seed">Decides the draw, the teacher's start, and the students.</param>
    /// <exception cref="L2TException">There are too few examples.</exception>
    public Repetition(DemoSettings settings, DemoData data, int seed)
    {
        _settings = settings;
        _split = data.Draw(seed);
        Seed = seed;
    }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>Trains students with a loss; with the taught one, after a teacher was taught at the same learning rate.</summary>
    public LossRun Train(string loss, double learningRate, WorkProgress? progress, CancellationToken cancellation)
    {
        using var all = loss == OnAllLabels ? AllLabels() : null;
        var experiment = Experiment(all is null ? _split : new DataSplit(all, _split.Dev, _split.Test), learningRate);
        try
        {
            var teacher = loss == LossTeacherExperiment.TaughtLossName ? Teach(experiment, progress, cancellation) : null;
            var students = new TrainedStudent[_settings.Students];
            for (var i = 0; i < students.Length; i++)
            {
                var seed = unchecked(Seed * _settings.Students + i);
                students[i] = teacher is not null ? experiment.Train(teacher, seed, cancellation: cancellation)
                    : experiment.Train(loss == OnAllLabels ? Reference : loss, seed, cancellation: cancellation);
                progress?.Add(WorkProgress.Training);
            }
            return new LossRun(loss, students, null);
        }
        catch (NonFiniteException e)
        {
            return new LossRun(loss, [], e);
        }
    }

    /// <summary>Looks at the test set, for a run that did not fail.</summary>
    public SeedResult Test(LossRun run)
    {
        var experiment = Experiment(_split, 0);
        // Of students that were trained on the development examples there is no development error.
        var devError = run.Loss == OnAllLabels ? double.NaN : run.DevError;
        return new SeedResult(Seed, devError, run.Students.Average(student => experiment.Evaluate(student, _split.Test).ErrorRate));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _split.Train.Dispose();
        _split.Dev.Dispose();
        _split.HeldOut?.Dispose();
    }

    // A teacher whose students come to diverge is used as it was before.
    private static LearnedTeacher Teach(DigitsExperiment experiment, WorkProgress? progress, CancellationToken cancellation)
    {
        try
        {
            return experiment.Teach(progress, cancellation);
        }
        catch (NonFiniteException e) when (e.Learned is { Episodes: > 0 } learned)
        {
            return learned;
        }
    }

    private DigitsExperiment Experiment(DataSplit split, double learningRate) => new()
    {
        Student = new DigitsMlp((int)split.Train.InputShape[0], _settings.Hidden),
        Data = split,
        Steps = _settings.Steps,
        BatchSize = _settings.Batch,
        LearningRate = learningRate,
        Episodes = _settings.Episodes,
        TeacherLearningRate = _settings.TeacherRate,
        TeacherGradientClip = TeacherGradientClip,
        // Training examples with wrong labels must not get among those that the teacher is judged by.
        SplitPerEpisode = _settings.LabelNoise == 0,
        Seed = Seed,
    };

    private LabelledData AllLabels()
    {
        var training = _split.Train.Concat(_split.Dev);
        if (_split.HeldOut is not { } heldOut)
            return training;
        using (training)
            return training.Concat(heldOut);
    }
}
