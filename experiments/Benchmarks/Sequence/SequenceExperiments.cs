using L2T.Dsl;
using L2T.Dsl.Metrics;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;

namespace L2T.Experiments.Benchmarks.Sequence;

/// <summary>Gives the benchmark the kernels of the LSTM.</summary>
[Experiment(typeof(LstmTranslator), typeof(WordTeacher), Metric = typeof(ExpectedTokenAccuracy))]
public sealed partial class LstmExperiment : IStepKernels
{
    IReadOnlyList<TensorSlot> IStepKernels.Parameters => StudentLayout;

    IReadOnlyList<TensorSlot> IStepKernels.Coefficients => CoefficientLayout;

    GradientKernel IStepKernels.Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    HyperKernel IStepKernels.Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}

/// <summary>Gives the benchmark the kernels of the Transformer.</summary>
[Experiment(typeof(TransformerTranslator), typeof(WordTeacher), Metric = typeof(ExpectedTokenAccuracy))]
public sealed partial class TransformerExperiment : IStepKernels
{
    IReadOnlyList<TensorSlot> IStepKernels.Parameters => StudentLayout;

    IReadOnlyList<TensorSlot> IStepKernels.Coefficients => CoefficientLayout;

    GradientKernel IStepKernels.Step(TensorBlock w, TensorBlock phi, long batch) => CreateLoss(w, phi, w, batch);

    HyperKernel IStepKernels.Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch) =>
        CreateHyper(w, phi, adjoint, adjoint, gradPhi, batch);
}
