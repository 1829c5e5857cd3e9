using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// A loss-teacher experiment: a student, a loss form whose coefficients a teacher sets at every step of the student's training, and the
/// data. The class marked <see cref="ExperimentAttribute"/> derives from this; the generator writes the part that makes the kernels, its
/// author the part that sets the properties. <see cref="Teach"/> learns the teacher, <see cref="Train(LearnedTeacher, int, double?, IProgress{TrainingPoint}?, string?, CancellationToken)"/>
/// trains a fresh student under it or with a fixed loss, <see cref="Evaluate"/> counts a student's errors.
/// </summary>
/// <remarks>
/// The same settings and seed give the same bits on one machine. The defaults are this library's choice where the paper gives none.
/// Every call makes the tensors it needs and releases them before it returns; what it returns is plain memory.
/// The abstract members are <c>protected internal</c>: outside of this assembly they are overridden as <c>protected</c>.
/// </remarks>
public abstract class LossTeacherExperiment
{
    /// <summary>The name under which a student trained by the teacher is reported.</summary>
    public const string TaughtLossName = "L2T-DLF";

    /// <summary>The data. Must be set; it stays the caller's.</summary>
    public virtual DataSplit Data { get; init; } = null!;

    /// <summary>
    /// Where the training and development examples of every student come from that the teacher is taught with: a task of its own for each. How many
    /// there are, and of which shape, <see cref="Data"/> says; its own are those of <see cref="Train(string, int, double?, IProgress{TrainingPoint}?, string?, CancellationToken)"/>
    /// and of <see cref="Evaluate"/>, and teaching does not look at them. Not with a held-out part, which is of one task. Default null: all are
    /// trained on those of <see cref="Data"/>.
    /// </summary>
    public virtual TaskDistribution? Tasks { get; init; }

    /// <summary>T, the number of steps of a student's training. Default 300.</summary>
    public virtual int Steps { get; init; } = 300;

    /// <summary>Examples in a training batch; where there are <see cref="Buckets"/>, in one of what fits none of them. Default 32.</summary>
    public virtual int BatchSize { get; init; } = 32;

    /// <summary>
    /// Short examples of padded sequences, in batches that are cut to where they are not padding: each example is of the first bucket that it fits, in all
    /// data, and of none if it fits none. Batches of training are of one bucket each, all of them in a random order; those that a bucket's examples do not fill
    /// are left out. Kernels are made for each bucket. The data has labels and inputs of one dimension each, int64, with <see cref="LabelledData.Padding"/>,
    /// which pads the inputs too. Default: none, all batches are of the shape of the data.
    /// </summary>
    public virtual IReadOnlyList<Bucket> Buckets { get; init; } = [];

    /// <summary>What changes the inputs of training batches at random, such as <see cref="CropAndFlip"/>. Default null: nothing.</summary>
    public virtual Augmentation? Augmentation { get; init; }

    /// <summary>
    /// Whether augmented batches in host memory are made one ahead, by another thread, while the student takes a step. It makes no difference to
    /// their values. An augmentation that may not run beside the training needs false. Default true.
    /// </summary>
    public virtual bool Prefetch { get; init; } = true;

    /// <summary>eta, the student's learning rate. Default 0.1; it needs tuning for every loss.</summary>
    public virtual double LearningRate { get; init; } = 0.1;

    /// <summary>What the learning rate is multiplied by, step by step. Default: 1.</summary>
    public virtual LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// What trains the student, under every loss: <see cref="SgdOptions"/> (plain, momentum, Nesterov), <see cref="AdamOptions"/> or
    /// <see cref="AdamWOptions"/>, each with weight decay, clipping and averaging of the weights. Default: plain descent.
    /// </summary>
    public virtual OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>
    /// A factor on the gradient of the taught loss (not of fixed ones): bounded losses have small gradients, and this lets them run at
    /// the learning rate of others. Default 1.
    /// </summary>
    public virtual double GradientScale { get; init; } = 1;

    /// <summary>
    /// How many episodes teaching takes: in each, students are trained (<see cref="RolloutsPerUpdate"/>) and the teacher is updated once, or,
    /// under <see cref="LookAhead"/>, one student is trained and the teacher is updated at each of its steps. Default 100.
    /// </summary>
    public virtual int Episodes { get; init; } = 100;

    /// <summary>Adam's learning rate for the teacher. Default 0.001.</summary>
    public virtual double TeacherLearningRate { get; init; } = 0.001;

    /// <summary>
    /// What the teacher's learning rate is multiplied by, update by update, over all updates of <see cref="Episodes"/>. Default: 1.
    /// </summary>
    public virtual LearningRateSchedule TeacherSchedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Where the teacher starts: parameters that were learned before, perhaps on other data; null for its random start, the default.
    /// </summary>
    public virtual ParameterSet? TeacherStart { get; init; }

    /// <summary>
    /// How many students are trained for one update of the teacher, which steps up the mean of their gradients: less noise for as much more
    /// time. Default 1, as in Algorithm 1 of the paper.
    /// </summary>
    public virtual int RolloutsPerUpdate { get; init; } = 1;

    /// <summary>
    /// Whether the teacher is updated at every step of a student instead of once after its whole training (T = 1, the one-step look-ahead of
    /// Meta-Weight-Net, Shu et al. 2019, and of ML3, Bechtle et al. 2021): a step is taken on trial, the relaxed metric after it is
    /// differentiated through that one step, the teacher is updated, and the step is taken again, in earnest, under the updated teacher. The
    /// trial is a step of the student's own optimizer (plain descent in Shu et al.), the metric is taken on <see cref="MetricExamples"/> drawn
    /// anew for each step. The gradient says nothing of later steps: it is short-sighted by construction. Default false.
    /// </summary>
    public virtual bool LookAhead { get; init; }

    /// <summary>
    /// How many steps with the fixed loss <see cref="WarmStartLoss"/> every student takes before its training, under any loss, begins at step 0;
    /// <see cref="Steps"/> come on top. The authors' demo takes 1,000, once, and starts every episode from what came of it: that is with
    /// <see cref="FixedStart"/>. The optimizer starts afresh behind them. Default 0: none.
    /// </summary>
    public virtual int WarmStartSteps { get; init; }

    /// <summary>
    /// The loss of the warm start, one of <see cref="FixedLosses"/>, its coefficients at their start. Default: the first of them, which is
    /// cross-entropy, as in the authors' demo.
    /// </summary>
    public virtual string? WarmStartLoss { get => field ?? FixedLosses.FirstOrDefault(); init; }

    /// <summary>The learning rate of the warm start, the same at each of its steps. Default null: <see cref="LearningRate"/>.</summary>
    public virtual double? WarmStartLearningRate { get; init; }

    /// <summary>The longest that the teacher's gradient may be; a longer one is shortened to it. Default: no limit.</summary>
    public virtual double TeacherGradientClip { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// lambda of the penalty (lambda / 2T) sum_t |Phi_t - Phi_0|^2, subtracted from the teacher's objective; Phi_0 are the coefficients'
    /// initial values. Default 0: none.
    /// </summary>
    public virtual double CoefficientDecay { get; init; }

    /// <summary>How many steps the development figures of the student's state are used before they are measured again. Default 25.</summary>
    public virtual int StateInterval { get; init; } = 25;

    /// <summary>Weight of the past in the running averages of the student's state. Default 0.95.</summary>
    public virtual double RunningAverageDecay { get; init; } = 0.95;

    /// <summary>
    /// How many examples are evaluated at once; where there are <see cref="Buckets"/>, no more than of a training batch. Default 1000. A relaxed metric on more is the mean over such batches: exact for metrics that
    /// are means over examples or over words, as all of this library are but <see cref="ExpectedBleu"/>.
    /// </summary>
    public virtual int EvaluationBatchSize { get; init; } = 1000;

    /// <summary>On how many development examples, drawn afresh in each episode, the relaxed metric is taken. Default null: on all.</summary>
    public virtual int? MetricExamples { get; init; }

    /// <summary>Whether every episode starts from the same weights, as in the authors' demo, not from random ones. Default false.</summary>
    public virtual bool FixedStart { get; init; }

    /// <summary>
    /// Whether training and development examples are drawn anew, in the same numbers, in every episode, so that the teacher cannot fit one
    /// development set. Default false.
    /// </summary>
    public virtual bool SplitPerEpisode { get; init; }

    /// <summary>
    /// Over how many episodes the held-out error is averaged to tell which teacher was best. Default 10. Used where the data has held-out
    /// examples (<see cref="DataSplit.HeldOut"/>).
    /// </summary>
    public virtual int HeldOutWindow { get; init; } = 10;

    /// <summary>
    /// After how many episodes without a better held-out error teaching stops. Default null: never. Needs data with held-out
    /// examples (<see cref="DataSplit.HeldOut"/>).
    /// </summary>
    public virtual int? Patience { get; init; }

    /// <summary>
    /// Where the teacher is saved during teaching, so that <see cref="Resume(string, IProgress{TeachingProgress}?, CancellationToken)"/> can
    /// go on; a file that is there is replaced, and kept under the same name with <c>.previous</c> behind it. Default null: nowhere.
    /// </summary>
    public virtual string? CheckpointPath { get; init; }

    /// <summary>After how many episodes it is saved again; it is always saved at the end, however that comes. Default 10.</summary>
    public virtual int CheckpointInterval { get; init; } = 10;

    /// <summary>
    /// How many steps of a student lie between two checkpoints of its training, where it has any; each waits for the next refresh of the
    /// development figures. Default 1000.
    /// </summary>
    public virtual int CheckpointSteps { get; init; } = 1000;

    /// <summary>
    /// Whether the loss of every step that the sweep takes again, or undoes, is compared with its loss on the way forward; they must be equal
    /// bit for bit, else <see cref="ReplayException"/> names the step. For debugging. Default false.
    /// </summary>
    public virtual bool VerifyReplay { get; init; }

    /// <summary>Decides every random choice of teaching. Default 0.</summary>
    public virtual int Seed { get; init; }

    /// <summary>Element type of weights and inputs: float32 (default) or float64.</summary>
    public virtual ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Where tensors are. Default: the CPU.</summary>
    public virtual Device Device { get => field ?? CPU; init; } // asked for late: libtorch may not be there to ask

    /// <summary>Names of the fixed losses that a student can be trained with.</summary>
    public IReadOnlyList<string> FixedLosses => [.. Baselines.Select(loss => loss.Name)];

    /// <summary>The student's parameters w.</summary>
    protected internal abstract IReadOnlyList<TensorSlot> StudentLayout { get; }

    /// <summary>What the student takes and gives for <paramref name="n"/> examples.</summary>
    protected internal abstract StudentSignature Signature(long n);

    /// <summary>Floating-point operations on <paramref name="n"/> examples.</summary>
    protected internal abstract StepFlops Flops(long n);

    /// <summary>
    /// A digest of what each module of a teaching computes, by the module's name: student, loss form, relaxed metric, teacher and their blocks.
    /// A teacher is not taught further under another program.
    /// </summary>
    protected internal abstract IReadOnlyDictionary<string, string> Programs { get; }

    /// <summary>The loss form's coefficients Phi.</summary>
    protected internal abstract IReadOnlyList<TensorSlot> CoefficientLayout { get; }

    /// <summary>The teacher's parameters theta.</summary>
    protected internal abstract IReadOnlyList<TensorSlot> TeacherLayout { get; }

    /// <summary>Number of state features F.</summary>
    protected internal abstract int StateSize { get; }

    /// <summary>How the sweep comes back to the steps of the student's training.</summary>
    protected internal abstract ITrajectoryPolicy Trajectory { get; }

    /// <summary>The losses to compare with.</summary>
    protected internal abstract IReadOnlyList<FixedLoss> Baselines { get; }

    internal FixedLoss TaughtLoss => new(TaughtLossName, CoefficientLayout, CreateLoss);

    /// <summary>The shapes of training batches: one for each bucket, and that of the data.</summary>
    internal IReadOnlyList<BatchShape> Shapes => [.. Buckets.Select(bucket => new BatchShape(WithStudent(bucket.Student), bucket.BatchSize)), new(this, BatchSize)];

    /// <summary>The most examples that are evaluated at once, of each shape.</summary>
    internal IReadOnlyList<int> ChunkSizes => [.. Shapes.Select(shape => Buckets.Count == 0 ? EvaluationBatchSize : Math.Min(EvaluationBatchSize, shape.BatchSize))];

    /// <summary>The number of each shape and the examples of its batches.</summary>
    internal IEnumerable<(int Shape, long Size)> TrainingShapes => Shapes.Select((shape, number) => (number, (long)shape.BatchSize));

    internal ulong SeedBits => Bits(Seed);

    /// <summary>Seed of the initial coefficients of losses.</summary>
    internal ulong CoefficientSeed => SplitMix64.Derive(SeedBits, RandomUse.Coefficients, 0);

    /// <summary>Number of updates of the teacher in an episode.</summary>
    internal int UpdatesPerEpisode => LookAhead ? Steps : 1;

    /// <summary>Learns a teacher.</summary>
    /// <param name="progress">Told of every episode.</param>
    /// <param name="cancellation">Ends teaching between two steps.</param>
    /// <returns>The teacher and its history.</returns>
    /// <exception cref="L2TException">A setting is out of range, or the data does not fit.</exception>
    /// <exception cref="NonFiniteException">A loss became NaN or infinite; it holds the teacher as of the last good episode.</exception>
    /// <exception cref="TeachingCanceledException">Teaching was cancelled; it holds the teacher as of the last episode.</exception>
    public LearnedTeacher Teach(IProgress<TeachingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Prepare();
        using var run = new TeacherRun(this);
        return run.Teach(progress, cancellation);
    }

    /// <summary>
    /// Teaches <paramref name="teacher"/> further, up to <see cref="Episodes"/> in all: to the same bits as if teaching had never paused.
    /// One that was taught for as many episodes already comes back as it is.
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/>, or the teacher was taught with other settings, on other data, or by other
    /// code: of the student, the loss form, the metric, the teacher or a block of theirs. (What state features compute is not looked at.)</exception>
    /// <exception cref="NonFiniteException">As for <see cref="Teach"/>.</exception>
    /// <exception cref="TeachingCanceledException">As for <see cref="Teach"/>.</exception>
    public LearnedTeacher Resume(
        LearnedTeacher teacher, IProgress<TeachingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Prepare();
        using var run = new TeacherRun(this);
        run.Resume(teacher);
        return run.Teach(progress, cancellation);
    }

    /// <summary>
    /// Teaches a saved teacher further, such as that of <see cref="CheckpointPath"/>: the one that was saved before it, where the last is
    /// missing or damaged.
    /// </summary>
    /// <inheritdoc cref="Resume(LearnedTeacher, IProgress{TeachingProgress}?, CancellationToken)"/>
    public LearnedTeacher Resume(string path, IProgress<TeachingProgress>? progress = null, CancellationToken cancellation = default) =>
        Resume(AtomicFile.Read(path, LearnedTeacher.Load), progress, cancellation);

    /// <summary>
    /// Teaches the teacher of <see cref="CheckpointPath"/> further where there is one, else a new one: a program that calls this may be killed
    /// at any moment and started again, as often as need be, and ends with the same bits as if it had run through.
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/> and
    /// <see cref="Resume(string, IProgress{TeachingProgress}?, CancellationToken)"/>, or there is no <see cref="CheckpointPath"/>.</exception>
    /// <exception cref="NonFiniteException">As for <see cref="Teach"/>.</exception>
    /// <exception cref="TeachingCanceledException">As for <see cref="Teach"/>.</exception>
    public LearnedTeacher TeachOrResume(IProgress<TeachingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var path = CheckpointPath ?? throw new L2TException("TeachOrResume needs a checkpoint. Set CheckpointPath.");
        return AtomicFile.Exists(path) ? Resume(path, progress, cancellation) : Teach(progress, cancellation);
    }

    /// <summary>Trains a fresh student under a teacher that no longer changes.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="seed">Seed of the student's start and of the order of its examples: the same for every loss.</param>
    /// <param name="learningRate">Null for <see cref="LearningRate"/>, which the teacher was taught at.</param>
    /// <param name="progress">Told of the training at every refresh of the development figures.</param>
    /// <param name="checkpointPath">
    /// Where the training is saved every <see cref="CheckpointSteps"/> steps and at its end, the file before it kept under the same name with
    /// <c>.previous</c> behind it. Where this training has been saved there, it goes on from there, to the same bits as if it had not paused.
    /// Null: nowhere. Not under <see cref="TrajectoryPolicy.Reversal"/>.
    /// </param>
    /// <param name="cancellation">Ends training between two steps.</param>
    /// <exception cref="L2TException">A setting is out of range, the data does not fit, or the teacher is for another experiment.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public TrainedStudent Train(
        LearnedTeacher teacher,
        int seed,
        double? learningRate = null,
        IProgress<TrainingPoint>? progress = null,
        string? checkpointPath = null,
        CancellationToken cancellation = default)
    {
        Prepare();
        using var pool = NewPool([Data.Train, Data.Dev]);
        using var student = new StudentRun(this, TaughtLoss, pool, Data.Dev.Count, learningRate ?? LearningRate, GradientScale);
        using var theta = new TensorBlock(TeacherLayout, DType, Device);
        using var unusedGradient = TensorBlock.LikeZeros(theta);
        using var unusedCoefficientGradient = TensorBlock.LikeZeros(student.Coefficients);
        using var kernel = CreateTeacher(theta, student.Coefficients, unusedGradient, unusedCoefficientGradient);
        teacher.Parameters.CopyTo(theta);
        return Train(student, TaughtLossName, teacher.Parameters, kernel, seed, learningRate ?? LearningRate, progress, checkpointPath, cancellation);
    }

    /// <summary>
    /// Whether <paramref name="teacher"/>, taught in another experiment, can teach in this one: the same loss form with as many coefficients, and the
    /// same state features. <see cref="Train(LearnedTeacher, int, double?, IProgress{TrainingPoint}?, string?, CancellationToken)"/> asks for
    /// the sizes alone.
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/>.</exception>
    public TeacherFit Fit(LearnedTeacher teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Prepare();
        return TeacherFit.Of(this, teacher);
    }

    /// <summary>Trains a fresh student with a fixed loss.</summary>
    /// <param name="loss">One of <see cref="FixedLosses"/>.</param>
    /// <param name="seed">Seed of the student's start and of the order of its examples: the same for every loss.</param>
    /// <param name="learningRate">Null for <see cref="LearningRate"/>.</param>
    /// <param name="progress">Told of the training at every refresh of the development figures.</param>
    /// <param name="checkpointPath">
    /// Where the training is saved every <see cref="CheckpointSteps"/> steps and at its end, the file before it kept under the same name with
    /// <c>.previous</c> behind it. Where this training has been saved there, it goes on from there, to the same bits as if it had not paused.
    /// Null: nowhere. Not under <see cref="TrajectoryPolicy.Reversal"/>.
    /// </param>
    /// <param name="cancellation">Ends training between two steps.</param>
    /// <exception cref="L2TException">There is no such loss, a setting is out of range, or the data does not fit.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public TrainedStudent Train(
        string loss,
        int seed,
        double? learningRate = null,
        IProgress<TrainingPoint>? progress = null,
        string? checkpointPath = null,
        CancellationToken cancellation = default)
    {
        Prepare();
        var chosen = FixedLoss(loss);
        using var pool = NewPool([Data.Train, Data.Dev]);
        using var student = new StudentRun(this, chosen, pool, Data.Dev.Count, learningRate ?? LearningRate, gradientScale: 1);
        using (var generator = new Generator(CoefficientSeed))
            student.Coefficients.Initialise(generator);
        return Train(student, loss, null, null, seed, learningRate ?? LearningRate, progress, checkpointPath, cancellation);
    }

    /// <summary>Counts the errors of a student on a set of examples; where targets are real numbers, takes the mean of the squared ones.</summary>
    /// <exception cref="L2TException">The student is of another experiment, or the examples do not fit it.</exception>
    public Evaluation Evaluate(TrainedStudent student, LabelledData examples)
    {
        Prepare();
        Data.Train.RequireAlike(examples);
        using var pool = NewPool([examples]);
        using var weights = new TensorBlock(StudentLayout, DType, Device);
        student.Weights.CopyTo(weights);
        using var evaluator = new Evaluator(this, weights, pool, examples.Count);
        evaluator.Load([.. Enumerable.Range(0, examples.Count).Select(i => (long)i)]);
        var counts = IErrorCount.Of(examples);
        evaluator.Count(counts);
        if (counts is not ClassificationCounts classified)
            return new Evaluation(examples.Count, 0, []) { MeanSquaredError = counts.Error };
        var precision = new float[examples.Classes];
        classified.PrecisionPerClass(precision);
        return new Evaluation(classified.Total, classified.Wrong, precision);
    }

    /// <summary>The outputs of a student, in evaluation mode, on inputs of which nothing else need be known.</summary>
    /// <param name="student">The student.</param>
    /// <param name="inputs">The inputs [n, ...], each of the shape of the student's: real numbers of any type, or integers where the student
    /// takes them. They stay the caller's.</param>
    /// <returns>
    /// The outputs [n, ...], for a classifier the logits [n, classes], in <see cref="DType"/> on <see cref="Device"/>. The caller owns the
    /// tensor. <see cref="EvaluationBatchSize"/> inputs are taken at once.
    /// </returns>
    /// <exception cref="L2TException">The student is of another experiment, or the inputs do not fit it.</exception>
    public Tensor Predict(TrainedStudent student, Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(inputs);
        PrepareLibtorch();
        Require(EvaluationBatchSize >= 1, nameof(EvaluationBatchSize), EvaluationBatchSize, "at least 1");
        RequireInputs("Predict was given", inputs);
        using var weights = new TensorBlock(StudentLayout, DType, Device);
        student.Weights.CopyTo(weights);
        var count = inputs.shape[0];
        long[] sizes = [Math.Min(count, EvaluationBatchSize), count % EvaluationBatchSize];
        using var kernels = new KernelsByShape<ForwardKernel>(sizes.Where(size => size > 0).Distinct().Select(size => (0, size)), (_, size) => CreateForward(weights, size));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var outputs = new List<Tensor>();
        for (var start = 0L; start < count; start += EvaluationBatchSize)
        {
            using var chunk = NewDisposeScope();
            var size = Math.Min(EvaluationBatchSize, count - start);
            var batch = inputs.narrow(0, start, size).to(inputs.is_floating_point() ? DType : ScalarType.Int64, Device).contiguous();
            // A kernel's output is overwritten by its next run.
            outputs.Add(kernels.For(0, size).Run(batch).clone().MoveToOuterDisposeScope());
        }
        return cat(outputs, 0).DetachFromDisposeScope();
    }

    /// <summary>
    /// The memory that <see cref="Teach"/> will hold, before it starts. To know it, everything but the trajectory is made and released again.
    /// A progress given to <see cref="Teach"/> that is an <see cref="IProgress{T}"/> of <see cref="MemoryPlan"/> too, such as
    /// <see cref="Reporting.ProgressLines"/>, is told before the first episode.
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/>.</exception>
    public MemoryPlan PlanMemory()
    {
        Prepare();
        using var run = new TeacherRun(this);
        return run.Plan();
    }

    /// <summary>The floating-point operations of a step on a batch (of the data's shape) and of its reversal, from the sizes alone: nothing is run or allocated.</summary>
    /// <exception cref="L2TException"><see cref="BatchSize"/> is less than 1.</exception>
    public StepFlops CountFlops()
    {
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        return Flops(BatchSize);
    }

    /// <summary>A teacher as teaching starts from.</summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/>.</exception>
    public ParameterSet InitialTeacher()
    {
        Prepare();
        using var run = new TeacherRun(this);
        return run.InitialTeacher();
    }

    /// <summary>
    /// The objective of a teacher in one episode and its gradient through the whole training, as <see cref="Teach"/> takes them: to look at, or
    /// to check against finite differences. (Those see the state features change too, which the gradient takes for constants.)
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Teach"/>, or the teacher is for another experiment.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    public TeacherGradient Differentiate(ParameterSet teacher, int episode, CancellationToken cancellation = default)
    {
        Prepare();
        RequireEpisodeGradient();
        using var run = new TeacherRun(this);
        return run.Differentiate(teacher, episode, cancellation);
    }

    /// <summary>
    /// The gradient that <see cref="Differentiate"/> takes, and from the same sweep those with respect to how the student is trained: its
    /// initial weights, its learning rate, step by step, and settings of its optimizer (Maclaurin, Duvenaud and Adams 2015; Franceschi et al.
    /// 2017). Costs one more gradient in each step of the way back, for the optimizers that do without. Not under
    /// <see cref="TrajectoryPolicy.Reversal"/>; under <see cref="TrajectoryPolicy.Truncated"/> the weights are those before the earliest step that
    /// the sweep goes back to, and the rates of the steps before it have gradient 0.
    /// </summary>
    /// <exception cref="L2TException">As for <see cref="Differentiate"/>.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite.</exception>
    public TrainingGradient DifferentiateTraining(ParameterSet teacher, int episode, CancellationToken cancellation = default)
    {
        Prepare();
        RequireEpisodeGradient();
        if (RolloutsPerUpdate != 1)
            throw new L2TException($"The gradient with respect to initial weights is one student's, but RolloutsPerUpdate is {RolloutsPerUpdate}. Set it to 1.");
        using var run = new TeacherRun(this, differentiatesSettings: true);
        return run.DifferentiateTraining(teacher, episode, cancellation);
    }

    /// <summary>This experiment with another student, to make kernels of: one of the same parameters at another size.</summary>
    /// <exception cref="L2TException">It is of another type.</exception>
    protected internal virtual LossTeacherExperiment WithStudent(ITensorModule student) =>
        throw new L2TException($"The student of {GetType().Name} has one size. Leave Buckets empty.");

    /// <summary>Writes the state features to <paramref name="state"/> [F], in order.</summary>
    /// <exception cref="L2TException">A feature has not the size it is declared with.</exception>
    protected internal abstract void ReadState(in StudentState s, Span<float> state);

    /// <summary>The student's output in evaluation mode, for <paramref name="n"/> examples at the weights in <paramref name="w"/>.</summary>
    protected internal abstract ForwardKernel CreateForward(TensorBlock w, long n);

    /// <summary>The relaxed metric of the student and its gradient with respect to w, added to <paramref name="into"/>.</summary>
    protected internal abstract GradientKernel CreateMetric(TensorBlock w, TensorBlock into, long n);

    /// <summary>The loss at (w, phi) and its gradient with respect to w, added to <paramref name="into"/>, which may be w itself.</summary>
    protected internal abstract GradientKernel CreateLoss(TensorBlock w, TensorBlock phi, TensorBlock into, long n);

    /// <summary>
    /// The second derivatives of the loss at (w, phi) along <paramref name="tangent"/>: H tangent, added to <paramref name="intoW"/>, which may
    /// be the tangent itself, and M tangent, added to <paramref name="intoPhi"/>.
    /// </summary>
    protected internal abstract HyperKernel CreateHyper(
        TensorBlock w, TensorBlock phi, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi, long n);

    /// <summary>
    /// The teacher: writes <paramref name="phi"/>, and adds the gradient for <paramref name="gradPhi"/> to <paramref name="gradTheta"/>.
    /// </summary>
    protected internal abstract TeacherKernel CreateTeacher(TensorBlock theta, TensorBlock phi, TensorBlock gradTheta, TensorBlock gradPhi);

    private TrainedStudent Train(
        StudentRun student,
        string loss,
        ParameterSet? theta,
        TeacherKernel? teacher,
        int seed,
        double learningRate,
        IProgress<TrainingPoint>? progress,
        string? checkpointPath,
        CancellationToken cancellation)
    {
        Require(learningRate is >= 0 and < double.PositiveInfinity, "learningRate", learningRate, "finite and not negative");
        var curve = new List<TrainingPoint>();
        var coefficients = new List<CoefficientSnapshot>();
        var trainCount = Data.Train.Count;
        student.Begin(
            SplitMix64.Derive(Bits(seed), RandomUse.FreshStudent, 0),
            SplitMix64.Derive(Bits(seed), RandomUse.FreshBatches, 0),
            [.. Enumerable.Range(0, trainCount).Select(i => (long)i)],
            [.. Enumerable.Range(trainCount, Data.Dev.Count).Select(i => (long)i)],
            cancellation);
        if (checkpointPath is not null)
            Resume(checkpointPath);
        student.Train(teacher, null, Refreshed, cancellation);
        student.CountDev(Steps);
        AddPoint(Steps);
        return new TrainedStudent(
            loss, seed, learningRate, ParameterSet.From(student.Weights), student.DevCounts.Error, curve, coefficients);

        void Resume(string path)
        {
            if (student.Optimizer is FixedPointMomentum)
                throw new L2TException("The integers of exact reversal are in no checkpoint. Give no checkpointPath, or choose another TrajectoryPolicy.");
            var training = TeachingSettings.OfStudent(this, loss, seed, learningRate, theta);
            var last = 0;
            if (StudentCheckpoint.Find(path, training) is { } found)
            {
                student.Restore(found);
                curve.AddRange(found.Curve);
                coefficients.AddRange(found.Coefficients);
                last = found.Step;
            }
            student.Pausing = step =>
            {
                if (step - last < CheckpointSteps && step < Steps)
                    return;
                var (carried, trainLoss, trainAccuracy, trainError) = student.Save();
                new StudentCheckpoint(training, step, trainLoss, trainAccuracy, trainError, carried, curve, coefficients).Write(path);
                last = step;
            };
        }

        void Refreshed(int step)
        {
            AddPoint(step);
            if (student.Coefficients.Count > 0)
                coefficients.Add(new CoefficientSnapshot(step, ParameterSet.From(student.Coefficients)) { State = teacher is null ? [] : student.CopyState() });
        }

        void AddPoint(int step)
        {
            var point = new TrainingPoint(step, student.TrainLoss, student.TrainAccuracy, student.DevCounts.Error);
            curve.Add(point);
            progress?.Report(point);
        }
    }

    /// <summary>Refuses a teacher that <see cref="Resume(LearnedTeacher, IProgress{TeachingProgress}?, CancellationToken)"/> would refuse.</summary>
    /// <exception cref="L2TException">It was taught with other settings.</exception>
    internal void RequireResumable(LearnedTeacher teacher)
    {
        Prepare();
        using var run = new TeacherRun(this);
        run.Resume(teacher);
    }

    internal FixedLoss Loss(string name) => name == TaughtLossName ? TaughtLoss : FixedLoss(name);

    internal ExamplePool NewPool(IReadOnlyList<LabelledData> parts) => new(parts, DType, Device, Buckets);

    internal FixedLoss FixedLoss(string? name) => Baselines.FirstOrDefault(candidate => candidate.Name == name)
        ?? throw new L2TException($"There is no fixed loss '{name}'. There are: {string.Join(", ", FixedLosses)}. "
            + "More can be listed in the Baselines of the Experiment attribute.");

    private static void PrepareLibtorch()
    {
        Libtorch.EnsureLoaded();
        Allocator.KeepMemory();
    }

    private void RequireInputs(string what, Tensor inputs)
    {
        var (name, wanted, _, _) = Signature(1);
        long[] one = inputs.dim() == 0 ? [] : [1, .. inputs.shape[1..]];
        if (!one.AsSpan().SequenceEqual(wanted))
        {
            throw new L2TException($"{what} inputs [{string.Join(", ", one.Skip(1))}]; {name} takes [{string.Join(", ", wanted.Skip(1))}]. "
                + "Reshape the inputs, or change the [Shape] of the student's Forward.");
        }
        if (inputs.shape[0] == 0)
            throw new L2TException($"{what} no inputs. Give at least one.");
    }

    // Before anything runs: a kernel would name its own tensors.
    private void RequireFit(LabelledData examples)
    {
        RequireInputs($"The data '{examples.Name}' has", examples.Inputs);
        var (name, _, output, targets) = Signature(1);
        if (targets is not null)
        {
            RequireTargets(examples, name, targets);
            return;
        }
        if (!examples.HasClasses)
        {
            throw new L2TException($"The data '{examples.Name}' has real-valued targets, but the loss of {GetType().Name} takes class labels. "
                + "Give labels and the number of classes, or teach a loss form that takes its targets with [Shape].");
        }
        if (output.Length == 0 || output[^1] != examples.Classes)
        {
            throw new L2TException($"The data '{examples.Name}' has {examples.Classes} classes; {name} gives [{string.Join(", ", output)}] for one example, "
                + "whose last size must be the number of classes. Change the student, or the number of classes that the data was made with.");
        }
    }

    private void RequireTargets(LabelledData examples, string student, long[] targets)
    {
        if (examples.HasClasses)
        {
            throw new L2TException($"The data '{examples.Name}' has labels of {examples.Classes} classes, but the loss of {GetType().Name} takes real-valued targets. "
                + "Give float32 or float64 targets and no number of classes, or teach a loss form that takes [Labels].");
        }
        long[] one = [1, .. examples.Labels.shape[1..]];
        if (!one.AsSpan().SequenceEqual(targets))
        {
            throw new L2TException($"The data '{examples.Name}' has targets [{string.Join(", ", one.Skip(1))}]; {student} gives [{string.Join(", ", targets.Skip(1))}] for one example. "
                + "Targets have the shape of the student's output: reshape them, or change the student.");
        }
    }

    private void Prepare()
    {
        PrepareLibtorch();
        if (Data is null)
            throw new L2TException($"{GetType().Name} has no data. Set its property Data.");
        RequireFit(Data.Train);
        Require(Steps >= 1, nameof(Steps), Steps, "at least 1");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        if (BatchSize > Data.Train.Count)
        {
            throw new L2TException($"A batch of {BatchSize} is larger than the training set of {Data.Train.Count} examples. "
                + "Lower BatchSize, or give more data.");
        }
        PrepareBuckets();
        Require(LearningRate is >= 0 and < double.PositiveInfinity, nameof(LearningRate), LearningRate, "finite and not negative");
        if (Schedule is null)
            throw new L2TException("Schedule is null. Set it to a LearningRateSchedule, such as LearningRateSchedule.Constant.");
        if (Optimizer is null)
            throw new L2TException("Optimizer is null. Set it to options of an optimizer, such as new SgdOptions().");
        Optimizer.Validate();
        Require(double.IsFinite(GradientScale), nameof(GradientScale), GradientScale, "finite");
        Require(Episodes >= 1, nameof(Episodes), Episodes, "at least 1");
        Require(TeacherLearningRate is >= 0 and < double.PositiveInfinity, nameof(TeacherLearningRate), TeacherLearningRate, "finite and not negative");
        if (TeacherSchedule is null)
            throw new L2TException("TeacherSchedule is null. Set it to a LearningRateSchedule, such as LearningRateSchedule.Constant.");
        Require(RolloutsPerUpdate >= 1, nameof(RolloutsPerUpdate), RolloutsPerUpdate, "at least 1");
        PrepareLookAhead();
        PrepareWarmStart();
        Require(TeacherGradientClip > 0, nameof(TeacherGradientClip), TeacherGradientClip, "positive");
        Require(CoefficientDecay is >= 0 and < double.PositiveInfinity, nameof(CoefficientDecay), CoefficientDecay, "finite and not negative");
        Require(StateInterval >= 1, nameof(StateInterval), StateInterval, "at least 1");
        Require(RunningAverageDecay is >= 0 and < 1, nameof(RunningAverageDecay), RunningAverageDecay, "at least 0 and less than 1");
        Require(EvaluationBatchSize >= 1, nameof(EvaluationBatchSize), EvaluationBatchSize, "at least 1");
        Require(MetricExamples is not { } judges || (judges >= 1 && judges <= Data.Dev.Count),
            nameof(MetricExamples), MetricExamples, $"between 1 and the {Data.Dev.Count} development examples, or null");
        Require(HeldOutWindow >= 1, nameof(HeldOutWindow), HeldOutWindow, "at least 1");
        Require(Patience is not < 1, nameof(Patience), Patience, "at least 1, or null");
        Require(CheckpointInterval >= 1, nameof(CheckpointInterval), CheckpointInterval, "at least 1");
        Require(CheckpointSteps >= 1, nameof(CheckpointSteps), CheckpointSteps, "at least 1");
        if (Patience is not null && Data.HeldOut is null)
            throw new L2TException("Patience needs held-out examples. Give the data a HeldOut part, or leave Patience null.");
        if (Tasks is not null && Data.HeldOut is not null)
            throw new L2TException("Held-out examples are of one task, and every student has one of its own from Tasks. Give data without a HeldOut part, or leave Tasks null.");
    }

    private void PrepareBuckets()
    {
        if (Buckets is null)
            throw new L2TException("Buckets is null. Set it to a list of buckets; of none where all batches are of one shape.");
        if (Buckets.Count == 0)
            return;
        var (inputs, labels) = (Data.Train.Inputs, Data.Train.Labels);
        if (Data.Train.Padding is null || inputs.dtype != ScalarType.Int64 || inputs.dim() != 2 || labels.dim() != 2)
        {
            throw new L2TException($"The data '{Data.Train.Name}' is in no shape to be cut to Buckets: inputs {inputs.dtype}[{string.Join(", ", inputs.shape)}], labels [{string.Join(", ", labels.shape)}], "
                + $"padding {Data.Train.Padding?.ToString() ?? "none"}. Give Int64 inputs [N, S] and labels [N, T] with a Padding, or leave Buckets empty.");
        }
        for (var number = 0; number < Buckets.Count; number++)
        {
            var bucket = Buckets[number];
            Require(bucket.BatchSize >= 1, $"BatchSize of bucket {number}", bucket.BatchSize, "at least 1");
            var sized = WithStudent(bucket.Student);
            if (!sized.StudentLayout.SequenceEqual(StudentLayout) || !sized.CoefficientLayout.SequenceEqual(CoefficientLayout))
            {
                throw new L2TException($"The student of bucket {number} has other parameters, or coefficients, than that of {GetType().Name}: {string.Join("; ", sized.StudentLayout)} in place of "
                    + $"{string.Join("; ", StudentLayout)}. Make it with the same arguments but for lengths.");
            }
            var (name, input, output, _) = sized.Signature(1);
            long[] kept = [new KeptPlaces(bucket.Inputs, (int)inputs.shape[1]).Count, new KeptPlaces(bucket.Labels, (int)labels.shape[1]).Count];
            long[] wanted = [input[^1], TensorSlot.Elements(output[1..^1])];
            if (input.Length != 2 || !kept.AsSpan().SequenceEqual(wanted))
            {
                throw new L2TException($"Bucket {number} keeps {kept[0]} places of an input and {kept[1]} of its labels; its {name} takes {wanted[0]} and answers {wanted[1]}. "
                    + "Keep as many, or make the student with other lengths.");
            }
        }
    }

    private void PrepareLookAhead()
    {
        if (!LookAhead)
            return;
        Require((long)Steps * Episodes <= int.MaxValue, nameof(Steps), Steps, "so many that there are at most 2^31 - 1 updates of the teacher in all episodes");
        if (RolloutsPerUpdate != 1)
            throw new L2TException($"LookAhead updates the teacher at every step of one student, but RolloutsPerUpdate is {RolloutsPerUpdate}. Leave it at 1.");
        if (Optimizer.AverageDecay is not null)
            throw new L2TException("LookAhead judges the weights after every step, not an average of them. Leave AverageDecay of the optimizer null.");
        if (Trajectory is ReversalTrajectory)
            throw new L2TException("LookAhead goes back by one step, which exact reversal could not take again. Choose TrajectoryPolicy.KeepAll.");
    }

    private void PrepareWarmStart()
    {
        Require(WarmStartSteps >= 0, nameof(WarmStartSteps), WarmStartSteps, "at least 0");
        Require(WarmStartLearningRate is null or (>= 0 and < double.PositiveInfinity),
            nameof(WarmStartLearningRate), WarmStartLearningRate, "finite and not negative, or null");
        if (WarmStartSteps == 0)
            return;
        FixedLoss(WarmStartLoss);
        Require(GradientScale != 0, nameof(GradientScale), GradientScale, "other than 0 where there is a warm start");
    }

    private void RequireEpisodeGradient()
    {
        if (LookAhead)
            throw new L2TException("Under LookAhead no episode has a gradient: every step has its own. Leave LookAhead false to differentiate, with Steps = 1 for that of one step.");
    }

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new SettingRange(name, null, value, range).Exception;
    }

    private static ulong Bits(int seed) => unchecked((uint)seed);
}
