using L2T.Dsl;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>Gives the benchmark the kernels that an experiment trains with.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class HyperStepExperiment : IStepKernels
{
    IReadOnlyList<TensorSlot> IStepKernels.Parameters => StudentLayout;

    IReadOnlyList<TensorSlot> IStepKernels.Coefficients => CoefficientLayout;

    GradientKernel IStepKernels.Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    HyperKernel IStepKernels.Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}
