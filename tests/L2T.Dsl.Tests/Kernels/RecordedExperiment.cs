using L2T.Dsl.Hypergradients;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// A generated experiment in the library's loops, its kernels and layouts untouched, with its batches, states and start
/// noted on the way.
/// </summary>
internal sealed class RecordedExperiment(LossTeacherExperiment inner) : LossTeacherExperiment
{
    private delegate void Reader(in StudentState s, Span<float> state);

    /// <summary>Takes notes; null for none.</summary>
    public Recording? Recording { get; init; }

    /// <summary>States by step, which the teacher is shown instead of the student's; null for the student's.</summary>
    public IReadOnlyList<Tensor>? Frozen { get; init; }

    /// <summary>How to come back to the steps; null for the generated experiment's way.</summary>
    public ITrajectoryPolicy? Policy { get; init; }

    /// <summary>The number of live tensors before each step.</summary>
    public List<long> Live { get; } = [];

    protected override IReadOnlyList<TensorSlot> StudentLayout => inner.Get<IReadOnlyList<TensorSlot>>(nameof(StudentLayout));

    protected override StudentSignature Signature(long n) => inner.Call<StudentSignature>(nameof(Signature), n);

    protected override StepFlops Flops(long n) => inner.Call<StepFlops>(nameof(Flops), n);

    protected override IReadOnlyDictionary<string, string> Programs => inner.Get<IReadOnlyDictionary<string, string>>(nameof(Programs));

    protected override IReadOnlyList<TensorSlot> CoefficientLayout => inner.Get<IReadOnlyList<TensorSlot>>(nameof(CoefficientLayout));

    protected override IReadOnlyList<TensorSlot> TeacherLayout => inner.Get<IReadOnlyList<TensorSlot>>(nameof(TeacherLayout));

    protected override int StateSize => inner.Get<int>(nameof(StateSize));

    protected override ITrajectoryPolicy Trajectory => Policy ?? inner.Get<ITrajectoryPolicy>(nameof(Trajectory));

    protected override IReadOnlyList<FixedLoss> Baselines => inner.Get<IReadOnlyList<FixedLoss>>(nameof(Baselines));

    protected override void ReadState(in StudentState s, Span<float> state)
    {
        Live.Add(Tensor.TotalCount);
        inner.Method<Reader>(nameof(ReadState))(in s, state);
        Recording?.States.Add(tensor(state.ToArray()).to(float64).DetachFromDisposeScope());
        if (Frozen is not null)
        {
            using var frozen = Frozen[s.Step].to(float32);
            frozen.data<float>().ToArray().CopyTo(state);
        }
    }

    protected override ForwardKernel CreateForward(TensorBlock w, long n) => inner.Call<ForwardKernel>(nameof(CreateForward), w, n);

    protected override GradientKernel CreateMetric(TensorBlock w, TensorBlock into, long n) => inner.Call<GradientKernel>(nameof(CreateMetric), w, into, n);

    protected override GradientKernel CreateLoss(TensorBlock w, TensorBlock phi, TensorBlock into, long n)
    {
        var kernel = inner.Call<GradientKernel>(nameof(CreateLoss), w, phi, into, n);
        return Recording is null ? kernel : new Recorder(kernel, w, Recording);
    }

    protected override HyperKernel CreateHyper(TensorBlock w, TensorBlock phi, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi, long n) =>
        inner.Call<HyperKernel>(nameof(CreateHyper), w, phi, tangent, intoW, intoPhi, n);

    protected override LossTeacherExperiment WithStudent(ITensorModule student) =>
        new RecordedExperiment(inner.Call<LossTeacherExperiment>(nameof(WithStudent), student)) { Recording = Recording };

    protected override TeacherKernel CreateTeacher(TensorBlock theta, TensorBlock phi, TensorBlock gradTheta, TensorBlock gradPhi) =>
        inner.Call<TeacherKernel>(nameof(CreateTeacher), theta, phi, gradTheta, gradPhi);

    private sealed class Recorder(GradientKernel kernel, TensorBlock w, Recording recording) : GradientKernel(w)
    {
        private readonly TensorBlock _w = w;

        public override Tensor Value => kernel.Value;

        public override Tensor Output => kernel.Output;

        public override Tensor Kept => kernel.Kept;

        public override void Run(Tensor x, Tensor y, double seed)
        {
            recording.Start ??= Copy(_w.Flat);
            recording.Batches.Add((Copy(x), Copy(y)));
            kernel.NoiseKey = NoiseKey;
            kernel.Run(x, y, seed);
        }

        protected override void Dispose(bool disposing)
        {
            kernel.Dispose();
            base.Dispose(disposing);
        }

        private static Tensor Copy(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
    }
}
