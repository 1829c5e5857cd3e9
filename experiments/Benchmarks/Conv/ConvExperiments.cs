using L2T.Dsl;
using L2T.Dsl.Metrics;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using L2T.Experiments.Benchmarks.HyperStep;

namespace L2T.Experiments.Benchmarks.Conv;

/// <summary>Gives the benchmark the kernels of LeNet.</summary>
[Experiment(typeof(LeNet), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class LeNetExperiment : IStepKernels
{
    IReadOnlyList<TensorSlot> IStepKernels.Parameters => StudentLayout;

    IReadOnlyList<TensorSlot> IStepKernels.Coefficients => CoefficientLayout;

    GradientKernel IStepKernels.Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    HyperKernel IStepKernels.Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}

/// <summary>Gives the benchmark the kernels of residual networks; whole trainings are remembered by a checkpoint every sqrt(T) steps.</summary>
[Experiment(typeof(ResNet), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class ResNetExperiment : IStepKernels
{
    IReadOnlyList<TensorSlot> IStepKernels.Parameters => StudentLayout;

    IReadOnlyList<TensorSlot> IStepKernels.Coefficients => CoefficientLayout;

    GradientKernel IStepKernels.Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    HyperKernel IStepKernels.Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}
