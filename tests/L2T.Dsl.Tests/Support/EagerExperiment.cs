using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Support;

/// <summary>
/// A whole experiment with hand-written kernels over autograd, in float64: what the generator writes for a user, so that the library's
/// loops are tested by themselves.
/// </summary>
internal sealed class EagerExperiment : LossTeacherExperiment
{
    public const int Classes = 3;
    public const int Inputs = 4;

    public override int Steps { get; init; } = 6;

    public override int BatchSize { get; init; } = 5;

    public override double LearningRate { get; init; } = 0.7;

    public override int StateInterval { get; init; } = 2;

    public override int Episodes { get; init; } = 4;

    public override double TeacherLearningRate { get; init; } = 0.02;

    public override ScalarType DType { get; init; } = ScalarType.Float64;

    public ITrajectoryPolicy Policy { get; init; } = new KeepAllTrajectory();

    /// <summary>
    /// Whether the running training loss is a state feature. Central differences of an episode would see it change, while the gradient takes
    /// it for a constant; the other features are piecewise constant.
    /// </summary>
    public bool SeesTrainLoss { get; init; }

    /// <summary>The taught loss; replaceable to make trouble.</summary>
    public EagerFunction Loss { get; init; } = EagerFunctions.TaughtLoss;

    /// <summary>Digests of its modules.</summary>
    public Dictionary<string, string> Modules { get; init; } = new() { ["Loss"] = "1" };

    /// <summary>Digest of its cross-entropy.</summary>
    public string CrossEntropyProgram { get; init; } = "1";

    public Recording? Recording { get; init; }

    /// <summary>Called before every training step with its number in the episode.</summary>
    public Action? BeforeStep { get; init; }

    /// <summary>Replaces the features.</summary>
    public Action<float[]>? Features { get; init; }

    protected override IReadOnlyList<TensorSlot> StudentLayout { get; } = EagerFunctions.Student(Classes, Inputs);

    protected override StudentSignature Signature(long n) => new("the clouds' student", [n, Inputs], [n, Classes]);

    protected override StepFlops Flops(long n) => throw new NotSupportedException("Nothing is counted of hand-written kernels.");

    protected override IReadOnlyDictionary<string, string> Programs => Modules;

    protected override IReadOnlyList<TensorSlot> CoefficientLayout { get; } = EagerFunctions.Coefficients(Classes);

    protected override IReadOnlyList<TensorSlot> TeacherLayout => EagerFunctions.Teacher(Classes, StateSize);

    protected override int StateSize => 4 + Classes;

    protected override ITrajectoryPolicy Trajectory => Policy;

    protected override IReadOnlyList<FixedLoss> Baselines =>
    [
        new("cross-entropy", [], (w, phi, into, n) => new EagerGradientKernel(EagerFunctions.CrossEntropy, w, phi, into, n, Inputs), CrossEntropyProgram),
        new("sigmoid", CoefficientLayout, (w, phi, into, n) => new EagerGradientKernel(EagerFunctions.TaughtLoss, w, phi, into, n, Inputs)),
    ];

    /// <summary>Three Gaussian clouds that overlap.</summary>
    public static LabelledData Clouds(int count, int seed, string name = "clouds")
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var labels = arange(count).remainder(Classes);
        var centres = zeros([Classes, Inputs], float64);
        for (var c = 0; c < Classes; c++)
            centres[c, c] = 1.5;
        var inputs = empty([count, Inputs], float64).normal_(0, 1, generator).add_(centres.index_select(0, labels));
        return new LabelledData(inputs, labels, Classes, name);
    }

    public static DataSplit Split(int train = 23, int dev = 17, int test = 40, int heldOut = 0) =>
        DataSplit.InOrder(Clouds(train + dev + test + heldOut, 1), train, dev, test, heldOut);

    protected override void ReadState(in StudentState s, Span<float> state)
    {
        state[0] = (float)s.Step / s.TotalSteps;
        state[1] = s.TrainAccuracy;
        state[2] = s.DevAccuracy;
        state[3] = SeesTrainLoss ? s.TrainLoss : 0;
        s.DevPrecisionPerClass.CopyTo(state[4..]);
        if (Features is { } change)
        {
            var features = state.ToArray();
            change(features);
            features.CopyTo(state);
        }
    }

    protected override ForwardKernel CreateForward(TensorBlock w, long n) => new EagerForwardKernel(w, n);

    protected override GradientKernel CreateMetric(TensorBlock w, TensorBlock into, long n) => new EagerGradientKernel(
        EagerFunctions.Metric, w, null, into, n, Inputs, Recording is null ? null : (x, y) => Recording.Judges.Add((Copy(x), Copy(y))));

    protected override GradientKernel CreateLoss(TensorBlock w, TensorBlock phi, TensorBlock into, long n) => new EagerGradientKernel(
        Loss, w, phi, into, n, Inputs, (x, y) =>
        {
            BeforeStep?.Invoke();
            if (Recording is null)
                return;
            Recording.Start ??= Copy(w.Flat);
            Recording.Batches.Add((Copy(x), Copy(y)));
        });

    protected override HyperKernel CreateHyper(
        TensorBlock w, TensorBlock phi, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi, long n) =>
        new EagerHyperKernel(Loss, w, phi, tangent, intoW, intoPhi);

    protected override TeacherKernel CreateTeacher(TensorBlock theta, TensorBlock phi, TensorBlock gradTheta, TensorBlock gradPhi) => new(
        new EagerTeachingKernel(theta, phi, Recording is null ? null : state => Recording.States.Add(Copy(state))),
        new EagerTeacherGradientKernel(theta, gradTheta, gradPhi));

    private static Tensor Copy(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
}
