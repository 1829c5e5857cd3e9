using L2T.Dsl.Tensors;

namespace L2T.Experiments.Benchmarks;

/// <summary>The kernels that an experiment trains a student with, for a benchmark to call by themselves.</summary>
internal interface IStepKernels
{
    /// <summary>Layout of w.</summary>
    IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>Layout of Phi.</summary>
    IReadOnlyList<TensorSlot> Coefficients { get; }

    /// <summary>The kernel that, added into w with seed -eta, is the step of gradient descent.</summary>
    GradientKernel Step(TensorBlock w, TensorBlock phi, long batch);

    /// <summary>The kernel that reverses that step: the adjoint of w is pushed, and takes H v.</summary>
    HyperKernel Reverse(TensorBlock w, TensorBlock phi, TensorBlock adjoint, TensorBlock gradPhi, long batch);
}
