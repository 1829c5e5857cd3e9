using System.Diagnostics;
using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// The teaching of a teacher (Algorithm 1 of the paper): in every episode a student is trained from its start under the present teacher,
/// the training is reversed, and the teacher steps up the gradient. All tensors are made once; every random choice of an episode comes
/// from a seed derived from the experiment's and the episode's number, so that an interrupted teaching goes on as if it had not been.
/// </summary>
internal sealed class TeacherRun : IDisposable
{
    private readonly LossTeacherExperiment _experiment;
    private readonly Owned _owned = new();
    private readonly ExamplePool _pool;
    private readonly StudentRun _student;
    private readonly Evaluator? _heldOut;
    private readonly RelaxedMetric _metric;
    private readonly TensorBlock _theta;
    private readonly TensorBlock _gradient;
    private readonly TeacherKernel _teacher;
    private readonly ReverseSweep _reverse;
    private readonly Adam _adam;
    private readonly LookAheadStep? _lookAhead;
    private readonly IErrorCount _heldOutCounts;
    private readonly long[] _inOrder;
    private readonly int _trainCount;
    private readonly int _devCount;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _settings;
    private readonly ExamplePool? _heldOutPool;
    private readonly List<CoefficientSnapshot> _snapshots = [];
    private List<EpisodeRecord> _history = [];
    private BestTeacher? _best;
    private ulong _metricSeed;

    public TeacherRun(LossTeacherExperiment experiment, bool differentiatesSettings = false)
    {
        _experiment = experiment;
        _settings = new Lazy<IReadOnlyDictionary<string, string>>(() => TeachingSettings.Of(experiment));
        var data = experiment.Data;
        _trainCount = data.Train.Count;
        _devCount = data.Dev.Count;
        _heldOutCounts = IErrorCount.Of(data.Train);
        try
        {
            _pool = _owned.Add(experiment.NewPool([data.Train, data.Dev]));
            _inOrder = [.. Enumerable.Range(0, _pool.Count).Select(i => (long)i)];
            _student = _owned.Add(new StudentRun(
                experiment, experiment.TaughtLoss, _pool, _devCount, experiment.LearningRate, experiment.GradientScale, differentiatesSettings));
            _theta = _owned.Add(new TensorBlock(experiment.TeacherLayout, experiment.DType, experiment.Device));
            _gradient = _owned.Add(TensorBlock.LikeZeros(_theta));
            var coefficientGradient = _owned.Add(TensorBlock.LikeZeros(_student.Coefficients));
            var anchor = _owned.Add(TensorBlock.LikeZeros(_student.Coefficients));
            Initialise(anchor, RandomUse.Coefficients);
            if (experiment.TeacherStart is { } start)
                start.CopyTo(_theta);
            else
                Initialise(_theta, RandomUse.Teacher);
            _teacher = _owned.Add(experiment.CreateTeacher(_theta, _student.Coefficients, _gradient, coefficientGradient));
            _reverse = _owned.Add(new ReverseSweep(experiment, _student, _teacher, coefficientGradient, anchor));
            _metric = _owned.Add(new RelaxedMetric(
                experiment, _student.Weights, _student.Optimizer.WeightAdjoint, _pool, experiment.MetricExamples ?? _devCount));
            _adam = _owned.Add(new Adam(_theta, experiment.TeacherLearningRate));
            if (data.HeldOut is { } heldOut)
            {
                _heldOutPool = _owned.Add(experiment.NewPool([heldOut]));
                _heldOut = _owned.Add(new Evaluator(experiment, _student.Weights, _heldOutPool, heldOut.Count));
                _heldOut.Load([.. Enumerable.Range(0, heldOut.Count).Select(i => (long)i)]);
            }
            if (experiment.LookAhead)
                _lookAhead = _owned.Add(new LookAheadStep(_student, _reverse));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <summary>Goes on from where <paramref name="teacher"/> ended.</summary>
    /// <exception cref="L2TException">It was taught with other settings.</exception>
    public void Resume(LearnedTeacher teacher)
    {
        TeachingSettings.RequireSame(teacher.Settings, _settings.Value);
        foreach (var record in teacher.History)
        {
            var rate = TeacherRateAt((record.Episode + 1) * _experiment.UpdatesPerEpisode - 1);
            if (record.TeacherLearningRate != rate)
            {
                throw new L2TException(FormattableString.Invariant(
                    $"The teacher was taught with other settings: TeacherSchedule had another factor in episode {record.Episode}, where the learning rate was {record.TeacherLearningRate} and would be {rate}. ")
                    + "Go on with the same schedule and, where it depends on how many there are, as many Episodes.");
            }
        }
        teacher.State.Latest.CopyTo(_theta);
        teacher.State.FirstMoment.CopyTo(_adam.FirstMoment);
        teacher.State.SecondMoment.CopyTo(_adam.SecondMoment);
        _adam.Steps = teacher.State.Updates;
        _best = teacher.State.Best;
        _history = [.. teacher.History];
    }

    /// <summary>What the run holds in memory, the trajectory included, whether or not that has been made.</summary>
    /// <exception cref="L2TException">The trajectory's policy does not fit the training.</exception>
    public MemoryPlan Plan()
    {
        var parts = PartsBesideTrajectory();
        if (_lookAhead is not null)
        {
            var look = new TrajectoryPlan(TrajectoryPolicy.KeepAll, "one step kept in memory for look-ahead", _lookAhead.Bytes, 0, _experiment.Steps);
            return new MemoryPlan(look, [.. parts, new MemoryPart("trajectory", look.Bytes)]);
        }
        var trajectory = _experiment.Trajectory.Plan(_reverse.Sizes(parts.Sum(part => part.Bytes)));
        return new MemoryPlan(trajectory, [.. parts, new MemoryPart("trajectory", trajectory.Bytes)]);
    }

    public LearnedTeacher Teach(IProgress<TeachingProgress>? progress, CancellationToken cancellation)
    {
        Allocate();
        if (progress is IProgress<MemoryPlan> planned)
            planned.Report(Plan());
        var clock = Stopwatch.StartNew();
        // What an episode that fails or is cancelled has not changed.
        var learned = Snapshot();
        var saved = learned.Episodes;
        try
        {
            while (_history.Count < _experiment.Episodes && !HasStoppedImproving())
            {
                RunEpisode(_history.Count, cancellation);
                learned = Snapshot();
                if (_history.Count % _experiment.CheckpointInterval == 0)
                    Save();
                progress?.Report(new TeachingProgress(_history[^1], _experiment.Episodes, clock.Elapsed, _experiment.Data.Train.Measure) { Coefficients = [.. _snapshots] });
            }
            Save();
            return learned;
        }
        catch (NonFiniteException e)
        {
            SaveIfPossible();
            throw e.During(learned.Episodes, learned);
        }
        catch (OperationCanceledException e)
        {
            SaveIfPossible();
            throw new TeachingCanceledException(learned, e);
        }
        catch (Exception e) when (e is not TeacherNotSavedException)
        {
            // Such as one of the progress that was told.
            SaveIfPossible();
            throw;
        }

        void Save()
        {
            // A file from before is not replaced by a teacher that learned nothing since.
            if (learned.Episodes > saved)
            {
                Checkpoint(learned);
                saved = learned.Episodes;
            }
        }

        // The exception under way carries the teacher; a full disk must not take its place.
        void SaveIfPossible()
        {
            try
            {
                Save();
            }
            catch (TeacherNotSavedException)
            {
            }
        }
    }

    /// <summary>The objective of the teacher with these parameters in an episode, and its gradient.</summary>
    public TeacherGradient Differentiate(ParameterSet teacher, int episode, CancellationToken cancellation)
    {
        Allocate();
        teacher.CopyTo(_theta);
        var objective = 0.0;
        _gradient.Zero();
        for (var rollout = 0; rollout < _experiment.RolloutsPerUpdate; rollout++)
        {
            TrainStudent(episode, rollout, cancellation);
            var (metric, penalty) = Reverse(cancellation);
            objective += metric - penalty;
        }
        AverageGradient();
        return new TeacherGradient(objective / _experiment.RolloutsPerUpdate, ParameterSet.From(_gradient));
    }

    /// <summary>The same, with the gradient with respect to how the student is trained.</summary>
    public TrainingGradient DifferentiateTraining(ParameterSet teacher, int episode, CancellationToken cancellation)
    {
        var gradient = Differentiate(teacher, episode, cancellation);
        var settings = _student.Optimizer.Settings!;
        var rates = _reverse.RateAdjoints;
        return new TrainingGradient(
            gradient.Objective,
            gradient.Gradient,
            ParameterSet.From(_student.Optimizer.WeightAdjoint),
            [.. rates],
            rates.Select((rate, step) => rate * _experiment.Schedule.Factor(step, _experiment.Steps)).Sum(),
            settings.Momentum,
            settings.WeightDecay);
    }

    /// <summary>The teacher before any episode.</summary>
    public ParameterSet InitialTeacher() => ParameterSet.From(_theta);

    public void Dispose() => _owned.Dispose();

    private void Initialise(TensorBlock block, RandomUse use)
    {
        using var generator = new Generator(SplitMix64.Derive(_experiment.SeedBits, use, 0));
        block.Initialise(generator);
    }

    // Before anything is trained: where the memory is not there, that should be said at once.
    private void Allocate()
    {
        var plan = Plan();
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (plan.Bytes > available)
        {
            throw new L2TException($"Teaching needs {plan.Bytes / (double)(1 << 30):F1} GiB of memory; this machine has {available / (double)(1 << 30):F1}. "
                + "Choose another TrajectoryPolicy in the Experiment attribute (SquareRoot, Revolve, KeepOnDisk), or lower Steps, the batch size "
                + $"or the size of the student. In detail: {plan}.");
        }
        if (_lookAhead is null)
            _reverse.Allocate(plan.Bytes - plan.Trajectory.Bytes);
    }

    private IReadOnlyList<MemoryPart> PartsBesideTrajectory() =>
    [
        new("data", _pool.Bytes + (_heldOutPool?.Bytes ?? 0) + _student.ExampleBytes + _metric.ExampleBytes + (_heldOut?.ExampleBytes ?? 0)),
        new("student", _student.BlockBytes),
        // theta with its gradient and Adam's moments and scratch; Phi_0, its distance and dM/dPhi.
        new("teacher", 5 * _theta.Bytes + _reverse.BlockBytes + 2 * _student.Coefficients.Bytes),
        new("kernels", _student.BufferBytes + _reverse.BufferBytes + _metric.BufferBytes + _teacher.BufferBytes + (_heldOut?.BufferBytes ?? 0)),
        new("states", _student.HistoryBytes),
    ];

    private void RunEpisode(int episode, CancellationToken cancellation)
    {
        _snapshots.Clear();
        var (metric, devError, heldOutError, trainLoss) = (0.0, 0.0, 0.0, 0.0);
        var norm = 0.0;
        if (_lookAhead is not null)
        {
            TrainStudentAhead(episode, ref norm, cancellation);
            Observe();
            metric = CheckedMetric(_experiment.Steps);
        }
        else
        {
            _gradient.Zero();
            for (var rollout = 0; rollout < _experiment.RolloutsPerUpdate; rollout++)
            {
                TrainStudent(episode, rollout, cancellation);
                Observe();
                metric += Reverse(cancellation).Metric;
            }
            AverageGradient();
            norm = CheckedNorm(0);
        }

        double students = _experiment.RolloutsPerUpdate;
        _history.Add(new EpisodeRecord(
            episode,
            metric / students,
            devError / students,
            _heldOut is null ? null : heldOutError / students,
            trainLoss / students,
            norm,
            CoefficientRange.Of(_student.Coefficients.Layout, [.. _snapshots.Select(snapshot => snapshot.Values)]),
            TeacherRateAt((episode + 1) * _experiment.UpdatesPerEpisode - 1)));
        if (_heldOut is not null)
            RememberBest(episode);
        if (_lookAhead is null)
            UpdateTeacher(norm);

        void Observe()
        {
            _student.CountDev(_experiment.Steps);
            devError += _student.DevCounts.Error;
            trainLoss += _student.TrainLoss;
            if (_heldOut is null)
                return;
            _heldOut.Count(_heldOutCounts);
            _student.RequireFinite(_heldOutCounts, "held-out", _experiment.Steps);
            heldOutError += _heldOutCounts.Error;
        }
    }

    private void AverageGradient()
    {
        if (_experiment.RolloutsPerUpdate > 1)
            _gradient.Scale(1.0 / _experiment.RolloutsPerUpdate);
    }

    private double CheckedNorm(int step)
    {
        var norm = Norm(_gradient);
        return double.IsFinite(norm) ? norm
            : throw new NonFiniteException($"The norm of the teacher's gradient is {norm}", step, _student.CoefficientRanges());
    }

    private double TeacherRateAt(int update) =>
        _experiment.TeacherLearningRate * _experiment.TeacherSchedule.Factor(update, _experiment.Episodes * _experiment.UpdatesPerEpisode);

    private void UpdateTeacher(double norm)
    {
        if (norm > _experiment.TeacherGradientClip)
        {
            using Scalar factor = _experiment.TeacherGradientClip / norm;
            _gradient.Flat.mul_(factor);
        }
        _adam.LearningRate = TeacherRateAt(_adam.Steps);
        _adam.Ascend(_gradient);
    }

    private void TrainStudent(int episode, int rollout, CancellationToken cancellation)
    {
        BeginStudent(episode, rollout, cancellation);
        _student.Train(_teacher, _reverse.Trajectory, RememberCoefficients, cancellation);
    }

    // Leaves the development examples of the episode with the metric.
    private void TrainStudentAhead(int episode, ref double norm, CancellationToken cancellation)
    {
        var dev = BeginStudent(episode, 0, cancellation);
        var seed = SplitMix64.Derive(_experiment.SeedBits, RandomUse.StepJudges, (ulong)episode);
        var norms = 0.0;
        _student.BeforeStep = step =>
        {
            if (_experiment.MetricExamples is not null)
                LoadJudges(dev, SplitMix64.Derive(seed, RandomUse.StepJudges, (ulong)step));
            _gradient.Zero();
            _lookAhead!.Run(step, () => CheckedMetric(step));
            var length = CheckedNorm(step);
            norms += length;
            UpdateTeacher(length);
            // The step in earnest is taken under the teacher as it is now.
            _teacher.Forward(_student.State);
        };
        try
        {
            _student.Train(_teacher, null, RememberCoefficients, cancellation);
        }
        finally
        {
            _student.BeforeStep = null;
        }
        norm = norms / _experiment.Steps;
    }

    private long[] BeginStudent(int episode, int rollout, CancellationToken cancellation)
    {
        var seed = _experiment.SeedBits;
        // One rollout for each episode has the seeds of its episode.
        var student = (ulong)episode * (ulong)_experiment.RolloutsPerUpdate + (ulong)rollout;
        if (_experiment.Tasks is { } tasks)
            LoadTask(tasks, SplitMix64.Derive(seed, RandomUse.Task, student));
        var order = _experiment.SplitPerEpisode
            ? new SplitMix64(SplitMix64.Derive(seed, RandomUse.Split, student)).Permutation(_pool.Count)
            : _inOrder;
        var dev = order.AsSpan(_trainCount, _devCount).ToArray();
        _student.Begin(
            SplitMix64.Derive(seed, RandomUse.Student, _experiment.FixedStart ? 0 : student),
            SplitMix64.Derive(seed, RandomUse.Batches, student),
            order[.._trainCount],
            dev,
            cancellation);

        _metricSeed = SplitMix64.Derive(seed, RandomUse.MetricSamples, student);
        if (_experiment.MetricExamples is not null)
            LoadJudges(dev, SplitMix64.Derive(seed, RandomUse.Judges, student));
        else
            _metric.Load(dev);
        return dev;
    }

    private void LoadTask(TaskDistribution tasks, ulong seed)
    {
        var (train, dev) = tasks.Draw(seed);
        using (train)
        using (dev)
        {
            var data = _experiment.Data;
            data.Train.RequireAlike(train);
            data.Train.RequireAlike(dev);
            if (train.Count != _trainCount || dev.Count != _devCount)
            {
                throw new L2TException($"Tasks drew {train.Count} training and {dev.Count} development examples, but Data has {_trainCount} and {_devCount}. "
                    + "Draw as many: kernels are made once, for all tasks.");
            }
            _pool.Fill([train, dev]);
        }
    }

    private void LoadJudges(long[] dev, ulong seed)
    {
        long[] drawn = [.. dev];
        new SplitMix64(seed).Shuffle(drawn);
        _metric.Load(drawn.AsSpan(0, _metric.Count));
    }

    private void RememberCoefficients(int step) =>
        _snapshots.Add(new CoefficientSnapshot(step, ParameterSet.From(_student.Coefficients)) { State = _student.CopyState() });

    private (double Metric, double Penalty) Reverse(CancellationToken cancellation)
    {
        var metric = CheckedMetric(_experiment.Steps);
        return (metric, _reverse.Run(cancellation));
    }

    // After so many steps of the student.
    private double CheckedMetric(int step)
    {
        var metric = _metric.Differentiate(SplitMix64.Derive(_metricSeed, RandomUse.MetricSamples, (ulong)step));
        return double.IsFinite(metric) ? metric
            : throw new NonFiniteException($"The relaxed metric is {metric}", step, _student.CoefficientRanges());
    }

    private void RememberBest(int episode)
    {
        var window = _history.TakeLast(_experiment.HeldOutWindow).ToList();
        if (window.Count < _experiment.HeldOutWindow)
            return;
        var error = window.Average(record => record.HeldOutError!.Value);
        if (_best is null || error < _best.Error)
            _best = new BestTeacher(episode, error, ParameterSet.From(_theta));
    }

    private bool HasStoppedImproving() => _best is not null && _best.IsFinal(_experiment.Patience, _history.Count);

    private LearnedTeacher Snapshot() => new(
        new TeachingState(
            ParameterSet.From(_theta), ParameterSet.From(_adam.FirstMoment), ParameterSet.From(_adam.SecondMoment), _adam.Steps, _best),
        [.. _history],
        _settings.Value);

    private void Checkpoint(LearnedTeacher learned)
    {
        if (_experiment.CheckpointPath is not { } path)
            return;
        try
        {
            TeacherFile.Write(learned, path, keepPrevious: true);
        }
        catch (Exception e) when (e is L2TException or IOException or UnauthorizedAccessException)
        {
            throw new TeacherNotSavedException(learned, e);
        }
    }

    private static double Norm(TensorBlock block)
    {
        using var squared = block.Flat.dot(block.Flat);
        return Math.Sqrt(HostAccess.Scalar(squared));
    }
}
