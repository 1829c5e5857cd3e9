using L2T.Dsl;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>Gives the benchmark the kernels that an experiment trains with.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class HyperStepExperiment
{
    /// <summary>Layout of w.</summary>
    public IReadOnlyList<TensorSlot> Parameters => StudentLayout;

    /// <summary>Layout of Phi.</summary>
    public IReadOnlyList<TensorSlot> Coefficients => CoefficientLayout;

    /// <summary>The kernel that, added into w with seed -eta, is the step of gradient descent.</summary>
    public GradientKernel Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    /// <summary>The kernel that reverses that step: the adjoint of w is pushed, and takes H v.</summary>
    public HyperKernel Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}
