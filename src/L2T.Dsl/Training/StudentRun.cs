using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// A student in training: its weights, the coefficients of its loss, its optimizer and kernels, all made once and used for any number of
/// trainings. Trains forward; the reverse sweep borrows what it needs to go back.
/// </summary>
internal sealed class StudentRun : IDisposable
{
    private readonly LossTeacherExperiment _experiment;
    private readonly Owned _owned = new();
    private readonly TrainingBatches _batches;
    private readonly KernelsByShape<GradientKernel> _losses;
    private readonly Evaluator _dev;
    private readonly double _learningRate;
    private readonly IErrorCount _devCounts;
    private readonly IErrorCount _batchCounts;
    private readonly float[] _devPrecision;
    private readonly float[] _features;
    private readonly double[] _stateValues;
    private readonly WarmStart? _warmStart;
    private TeacherKernel? _teacher;
    private MemoryRows? _states;
    private double[]? _lossHistory;
    private long[] _train = [];
    private ulong _batchSeed;
    private RunningAverage _trainLoss;
    private RunningAverage _trainAccuracy;
    private RunningAverage _trainError;
    private int _first;

    /// <param name="experiment">Settings and kernels.</param>
    /// <param name="loss">The loss to train with; its coefficients are in <see cref="Coefficients"/>.</param>
    /// <param name="pool">Where training and development examples come from; stays the caller's.</param>
    /// <param name="devCount">Number of development examples.</param>
    /// <param name="learningRate">The student's learning rate before its schedule.</param>
    /// <param name="gradientScale">A factor on the gradient of the loss.</param>
    /// <param name="differentiatesSettings">Whether the way back takes derivatives with respect to the optimizer's settings.</param>
    public StudentRun(
        LossTeacherExperiment experiment,
        FixedLoss loss,
        ExamplePool pool,
        int devCount,
        double learningRate,
        double gradientScale,
        bool differentiatesSettings = false)
    {
        _experiment = experiment;
        _learningRate = learningRate;
        var shapes = experiment.Shapes;
        var classes = experiment.Data.Train.Classes;
        _devCounts = IErrorCount.Of(experiment.Data.Train);
        _batchCounts = IErrorCount.Of(experiment.Data.Train);
        _devPrecision = new float[classes];
        _features = new float[experiment.StateSize];
        _stateValues = new double[experiment.StateSize];
        try
        {
            Weights = _owned.Add(new TensorBlock(experiment.StudentLayout, experiment.DType, experiment.Device));
            Coefficients = _owned.Add(new TensorBlock(loss.Coefficients, experiment.DType, experiment.Device));
            State = _owned.Add(zeros([experiment.StateSize], experiment.DType, experiment.Device).DetachFromDisposeScope());
            Optimizer = _owned.Add(experiment.Trajectory.CreateOptimizer(experiment.Optimizer, Weights, gradientScale, differentiatesSettings));
            Tensor[] buffers = Weights.BufferCount > 0 ? [Weights.BufferFlat] : [];
            Carried = [.. Optimizer.State.Select(block => block.Flat), .. buffers];
            AdjointInputs = [.. Optimizer.AdjointState.Select(block => block.Flat), .. buffers];
            _losses = _owned.Add(new KernelsByShape<GradientKernel>(
                experiment.TrainingShapes,
                (shape, size) => shapes[shape].Experiment.Loss(loss.Name).Create(Weights, Coefficients, Optimizer.GradientTarget, size)));
            LargestKept = _losses.All.Select(kernel => kernel.Kept).MaxBy(kept => kept.numel())!;
            if (experiment.WarmStartSteps > 0)
                _warmStart = _owned.Add(new WarmStart(experiment, Optimizer, gradientScale));
            _dev = _owned.Add(new Evaluator(experiment, Weights, pool, devCount));
            _batches = _owned.Add(new TrainingBatches(experiment, pool));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <summary>w.</summary>
    public TensorBlock Weights { get; }

    /// <summary>Phi.</summary>
    public TensorBlock Coefficients { get; }

    /// <summary>s_t [F], where a teacher teaches.</summary>
    public Tensor State { get; }

    public ReversibleOptimizer Optimizer { get; }

    /// <summary>
    /// What step t + 1 depends on beside its number, its batch and s_t: whatever a step changes and the next one reads belongs here, so that
    /// a trajectory can remember and restore it. Batches are functions of the seed and the step; the states s_t are remembered one and all.
    /// </summary>
    public IReadOnlyList<Tensor> Carried { get; }

    /// <summary>Those of <see cref="Carried"/> that the adjoint of a step reads.</summary>
    public IReadOnlyList<Tensor> AdjointInputs { get; }

    /// <summary>The inputs of the batch last loaded.</summary>
    public Tensor Inputs => _batches.Inputs;

    /// <summary>Its labels, or real-valued targets.</summary>
    public Tensor Labels => _batches.Labels;

    /// <summary>The number of its shape.</summary>
    public int Shape => _batches.Shape;

    /// <summary>What the last step keeps for the hyper kernel, as much as a batch of its shape needs.</summary>
    public Tensor Kept => Loss.Kept;

    /// <summary>As large as any step's <see cref="Kept"/>.</summary>
    public Tensor LargestKept { get; }

    public double TrainLoss => _trainLoss.Value;

    /// <summary>Null where targets are real numbers.</summary>
    public double? TrainAccuracy => _experiment.Data.Train.HasClasses ? _trainAccuracy.Value : null;

    public IErrorCount DevCounts => _devCounts;

    /// <summary>Called with a step whose coefficients are set and whose batch is loaded, before it is taken.</summary>
    public Action<int>? BeforeStep { get; set; }

    /// <summary>
    /// Called before each step at which the development figures are refreshed, but the first that is taken, and before the end: what
    /// <see cref="Save"/> gives then is all that is needed to go on.
    /// </summary>
    public Action<int>? Pausing { get; set; }

    /// <summary>Size of the examples that are copied out of the pool.</summary>
    public long ExampleBytes => _batches.Bytes + _dev.ExampleBytes;

    /// <summary>Size of weights, coefficients, state and optimizer.</summary>
    public long BlockBytes => Weights.Bytes + Coefficients.Bytes + State.numel() * State.element_size() + Optimizer.Bytes
        + (_warmStart?.BlockBytes ?? 0);

    public long BufferBytes => _losses.BufferBytes + _dev.BufferBytes + (_warmStart?.BufferBytes ?? 0);

    /// <summary>Size of what is remembered of every step whatever the trajectory's policy: s_t, and the loss where replay is verified.</summary>
    public long HistoryBytes => _experiment.LookAhead ? 0 : (long)_experiment.Steps
        * (State.numel() * State.element_size() + (_experiment.VerifyReplay ? sizeof(double) : 0));

    /// <summary>A fresh start, with the steps of the warm start behind it.</summary>
    /// <param name="studentSeed">Seed of the initial weights.</param>
    /// <param name="batchSeed">Seed of the order of the training examples.</param>
    /// <param name="train">The training examples, as positions in the pool.</param>
    /// <param name="dev">The development examples, as positions in the pool.</param>
    /// <param name="cancellation">Ends the warm start between two steps.</param>
    /// <exception cref="NonFiniteException">The loss of the warm start is NaN or infinite.</exception>
    /// <exception cref="L2TException">The training examples fill no batch of any shape.</exception>
    public void Begin(ulong studentSeed, ulong batchSeed, long[] train, ReadOnlySpan<long> dev, CancellationToken cancellation)
    {
        using (var generator = new Generator(studentSeed))
            Weights.Initialise(generator);
        Optimizer.Reset();
        _train = train;
        if (_warmStart is not null)
        {
            // Part of where the student starts from, so a function of that seed.
            UseBatches(SplitMix64.Derive(studentSeed, RandomUse.WarmStart, 0));
            _warmStart.Run(studentSeed, train, _batches, cancellation);
            Optimizer.Reset();
        }
        UseBatches(batchSeed);
        _dev.Load(dev);
        _trainLoss = new RunningAverage(_experiment.RunningAverageDecay);
        _trainAccuracy = new RunningAverage(_experiment.RunningAverageDecay);
        _trainError = new RunningAverage(_experiment.RunningAverageDecay);
        _first = 0;
    }

    /// <summary>What the training depends on beside the settings, when <see cref="Pausing"/> is called.</summary>
    public (IReadOnlyList<ParameterSet> Carried, RunningState TrainLoss, RunningState TrainAccuracy, RunningState TrainError) Save() =>
        ([.. Carried.Select(Copy)], _trainLoss.State, _trainAccuracy.State, _trainError.State);

    /// <summary>Goes on, after <see cref="Begin"/>, where <paramref name="checkpoint"/> was made.</summary>
    public void Restore(StudentCheckpoint checkpoint)
    {
        foreach (var (set, tensor) in checkpoint.Carried.Zip(Carried))
            HostAccess.Write(set.Values, tensor);
        _trainLoss.State = checkpoint.TrainLoss;
        _trainAccuracy.State = checkpoint.TrainAccuracy;
        _trainError.State = checkpoint.TrainError;
        _first = checkpoint.Step;
    }

    /// <summary>Trains through all steps; what the student is to be evaluated at is in <see cref="Weights"/> then.</summary>
    /// <param name="teacher">Writes the coefficients before each step; null leaves them as they are.</param>
    /// <param name="trajectory">Remembers the steps for a reverse sweep, or null.</param>
    /// <param name="refreshed">Called with the step, after the development figures were refreshed and the teacher has spoken.</param>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite.</exception>
    public void Train(TeacherKernel? teacher, ITrajectory? trajectory, Action<int>? refreshed, CancellationToken cancellation)
    {
        _teacher = teacher;
        if (trajectory is not null)
            MakeHistory();
        for (var step = _first; step < _experiment.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var refresh = step % _experiment.StateInterval == 0;
            if (refresh && step > _first)
                Pausing?.Invoke(step);
            if (refresh)
                CountDev(step);
            if (teacher is not null)
            {
                ReadState(step);
                teacher.Forward(State);
                if (trajectory is not null)
                    _states!.Write(step, 0, State);
            }
            if (refresh)
                refreshed?.Invoke(step);

            LoadBatch(step);
            BeforeStep?.Invoke(step);
            trajectory?.BeforeStep(step);
            Step(step);
            trajectory?.AfterStep(step);
            Observe(step);
            if (trajectory is not null && _lossHistory is not null)
                _lossHistory[step] = HostAccess.Scalar(Loss.Value);
        }
        if (_first < _experiment.Steps)
            Pausing?.Invoke(_experiment.Steps);
        Optimizer.BeginEvaluation();
    }

    /// <summary>
    /// Brings back what step <paramref name="step"/> of the last recorded training was taken with, apart from <see cref="Carried"/>: its state
    /// s_t, coefficients and batch. The state is what was remembered, not computed again: it is small, and the development figures in it would
    /// be expensive.
    /// </summary>
    public void Recall(int step)
    {
        _states!.Read(step, 0, State);
        _teacher!.Forward(State);
        LoadBatch(step);
    }

    /// <summary>Takes step <paramref name="step"/> of the last recorded training again.</summary>
    /// <exception cref="ReplayException">Its loss is not what it was, where that is verified.</exception>
    public void Replay(int step)
    {
        Recall(step);
        Step(step);
        VerifyLoss(step);
    }

    /// <summary>
    /// Undoes step <paramref name="step"/> of the last recorded training, whose state, coefficients and batch are in place, by an optimizer
    /// that can.
    /// </summary>
    /// <exception cref="ReplayException">Its loss is not what it was, where that is verified.</exception>
    public void Undo(FixedPointMomentum optimizer, int step)
    {
        Loss.NoiseKey = NoiseKeyOf(step);
        optimizer.Undo(Loss, Inputs, Labels, LearningRateAt(step));
        VerifyLoss(step);
    }

    /// <summary>Gathers the batch of step <paramref name="step"/>, augmented as it is every time.</summary>
    public void LoadBatch(int step) => _batches.Load(step);

    /// <summary>Step <paramref name="step"/> on the batch that is loaded, with the coefficients that are set.</summary>
    public void Step(int step)
    {
        Loss.NoiseKey = NoiseKeyOf(step);
        Optimizer.Step(Loss, Inputs, Labels, step, LearningRateAt(step));
    }

    /// <summary>The adjoint of step <paramref name="step"/>, whose batch, coefficients and state are restored, from what it kept.</summary>
    public void AdjointStep(HyperKernel hyper, Tensor kept, int step)
    {
        // The optimizer may take the gradient again.
        Loss.NoiseKey = hyper.NoiseKey = NoiseKeyOf(step);
        Optimizer.AdjointStep(Loss, hyper, Inputs, Labels, kept, step, LearningRateAt(step));
    }

    public double LearningRateAt(int step) => _learningRate * _experiment.Schedule.Factor(step, _experiment.Steps);

    /// <summary>s_t, copied.</summary>
    public double[] CopyState()
    {
        var values = new double[State.numel()];
        HostAccess.Read(State, values);
        return values;
    }

    /// <summary>Measures the present student, after <paramref name="step"/> steps, on the development examples.</summary>
    /// <exception cref="NonFiniteException">The mean squared error is NaN or infinite.</exception>
    public void CountDev(int step)
    {
        _dev.Count(_devCounts);
        RequireFinite(_devCounts, "development", step);
        _devCounts.PrecisionPerClass(_devPrecision);
    }

    /// <summary>A share of wrong answers is always a number; a mean squared error is not, once the student has run away.</summary>
    /// <exception cref="NonFiniteException">The error is NaN or infinite.</exception>
    public void RequireFinite(IErrorCount counts, string examples, int step)
    {
        if (!double.IsFinite(counts.Error))
            throw new NonFiniteException($"The mean squared error on the {examples} examples is {counts.Error}", step, CoefficientRanges());
    }

    public IReadOnlyList<CoefficientRange> CoefficientRanges() => CoefficientRange.Of(Coefficients.Layout, [ParameterSet.From(Coefficients)]);

    public void Dispose() => _owned.Dispose();

    // Of the shape of the batch that is loaded.
    private GradientKernel Loss => _losses.For(Shape, Inputs.shape[0]);

    private void UseBatches(ulong seed)
    {
        _batchSeed = seed;
        _batches.Use(_train, seed);
    }

    private ulong NoiseKeyOf(int step) => SplitMix64.Derive(_batchSeed, RandomUse.Noise, (ulong)step);

    private static ParameterSet Copy(Tensor tensor)
    {
        var values = new double[tensor.numel()];
        HostAccess.Read(tensor, values);
        return new ParameterSet([new TensorSlot("Carried", [values.Length], Init.Constant, 0)], values);
    }

    private void MakeHistory()
    {
        _states ??= _owned.Add(new MemoryRows(_experiment.Steps, State));
        if (_experiment.VerifyReplay)
            _lossHistory ??= new double[_experiment.Steps];
    }

    private void VerifyLoss(int step)
    {
        if (_lossHistory is null)
            return;
        var loss = HostAccess.Scalar(Loss.Value);
        if (BitConverter.DoubleToInt64Bits(loss) != BitConverter.DoubleToInt64Bits(_lossHistory[step]))
            throw new ReplayException(step, _lossHistory[step], loss);
    }

    private void ReadState(int step)
    {
        var state = new StudentState
        {
            Step = step,
            TotalSteps = _experiment.Steps,
            TrainLoss = (float)TrainLoss,
            TrainAccuracy = (float)(TrainAccuracy ?? double.NaN),
            TrainError = (float)_trainError.Value,
            DevAccuracy = (float)(_devCounts.Accuracy ?? double.NaN),
            DevError = (float)_devCounts.Error,
            DevPrecisionPerClass = _devPrecision,
        };
        _experiment.ReadState(state, _features);
        for (var i = 0; i < _features.Length; i++)
        {
            if (!float.IsFinite(_features[i]))
                throw NotFinite(i, step, state);
            _stateValues[i] = _features[i];
        }
        HostAccess.Write(_stateValues, State);
    }

    // Figures that single precision cannot hold are those of a student that has run away; of finite ones it is the feature's own fault.
    private L2TException NotFinite(int feature, int step, in StudentState state)
    {
        var what = $"State feature {feature} of the teacher is {_features[feature]}";
        if (!float.IsFinite(state.TrainLoss) || !float.IsFinite(state.TrainError) || !float.IsFinite(state.DevError))
            return new NonFiniteException(what, step, CoefficientRanges());
        return new L2TException($"{what} at step {step}. Features must be finite numbers."
            + (_experiment.Data.Train.HasClasses ? "" : " With real-valued targets there is no accuracy: take TrainError or DevError."));
    }

    private void Observe(int step)
    {
        var loss = HostAccess.Scalar(Loss.Value);
        if (!double.IsFinite(loss))
            throw new NonFiniteException($"The training loss is {loss}", step, CoefficientRanges());
        _batchCounts.Clear();
        _batchCounts.Add(Loss.Output, Labels);
        RequireFinite(_batchCounts, "batch's", step);
        // A batch of padding alone says nothing of the student.
        if (_batchCounts.Total == 0)
            return;
        _trainLoss.Add(loss);
        _trainError.Add(_batchCounts.Error);
        // An average without values stays at 0: no NaN reaches a checkpoint.
        if (_batchCounts.Accuracy is { } accuracy)
            _trainAccuracy.Add(accuracy);
    }
}
