using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// An experiment's kernels, and beside them the same bodies as C# runs them: the student and a loss bound to leaves, under
/// autograd. All in float64.
/// </summary>
internal sealed class Oracle : IDisposable
{
    private readonly LossTeacherExperiment _experiment;
    private readonly Generator _generator = new(3);

    public Oracle(LossTeacherExperiment experiment)
    {
        _experiment = experiment;
        Student = experiment.Get<ITensorModule>("Student");
        Weights = Random(Student.Layout);
        Coefficients = Random(experiment.Get<IReadOnlyList<TensorSlot>>("CoefficientLayout"));
    }

    public ITensorModule Student { get; }

    /// <summary>w, random.</summary>
    public TensorBlock Weights { get; }

    /// <summary>Phi, random.</summary>
    public TensorBlock Coefficients { get; }

    public IReadOnlyList<FixedLoss> Baselines => _experiment.Get<IReadOnlyList<FixedLoss>>("Baselines");

    /// <summary>A block of the layout, filled at random around its start.</summary>
    public TensorBlock Random(IReadOnlyList<TensorSlot> layout)
    {
        var block = new TensorBlock(layout, float64, CPU);
        block.Initialise(_generator);
        if (block.Count > 0)
        {
            using var noise = randn(block.Count, dtype: float64, generator: _generator);
            block.Flat.add_(noise, 0.3);
        }

        return block;
    }

    public (Tensor X, Tensor Y) Batch(long n) =>
        (randn(n, 6, dtype: float64, generator: _generator), _experiment.Call<StudentSignature>("Signature", n).RealTargets is { } real
            ? randn(real, dtype: float64, generator: _generator)
            : randint(4, n, dtype: int64, generator: _generator));

    public ForwardKernel Forward(long n) => _experiment.Call<ForwardKernel>("CreateForward", Weights, n);

    public GradientKernel Loss(TensorBlock into, long n) => _experiment.Call<GradientKernel>("CreateLoss", Weights, Coefficients, into, n);

    public GradientKernel Metric(TensorBlock into, long n) => _experiment.Call<GradientKernel>("CreateMetric", Weights, into, n);

    public HyperKernel Hyper(TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi, long n) =>
        _experiment.Call<HyperKernel>("CreateHyper", Weights, Coefficients, tangent, intoW, intoPhi, n);

    /// <summary>Output, value and leaves of the bodies under autograd.</summary>
    /// <param name="objective">An instance of the loss form or metric.</param>
    /// <param name="coefficients">Its coefficients.</param>
    public EagerRun Eager(object objective, TensorBlock coefficients, Tensor x, Tensor y) =>
        EagerRun.Of(Student, Weights, objective, coefficients, x, y);

    public void Dispose()
    {
        Weights.Dispose();
        Coefficients.Dispose();
        _generator.Dispose();
    }

    /// <summary>One flat tensor of several, with zeros where there is no gradient.</summary>
    public static Tensor Flat(IEnumerable<Tensor> tensors) => cat([zeros(0, dtype: float64), .. tensors.Select(t => t.detach().flatten())]);
}
