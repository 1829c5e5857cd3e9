using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks;

/// <summary>Measures the step of gradient descent and its reverse, generated and through autograd, in one process with one allocator setting.</summary>
internal static class StepBenchmark
{
    /// <summary>Measures one student.</summary>
    /// <param name="name">What the case is called.</param>
    /// <param name="kernels">The generated side.</param>
    /// <param name="plain">The student's forward pass under autograd, made for tensors in the order of its layout.</param>
    /// <param name="form">The loss form.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="x">The inputs of the batch.</param>
    /// <param name="y">Its labels.</param>
    /// <param name="budget">How long to measure times.</param>
    /// <param name="leastRounds">How often to run all sides at least.</param>
    /// <param name="rate">The learning rate: large enough that what a step adds is more than the rounding of the weights.</param>
    /// <exception cref="InvalidOperationException">The two sides do not compute the same.</exception>
    public static StepTimes Measure(
        string name,
        IStepKernels kernels,
        Func<Tensor[], Func<Tensor, Tensor>> plain,
        ITensorModule form,
        Func<Tensor, Tensor, Tensor> loss,
        Tensor x,
        Tensor y,
        TimeSpan budget,
        int leastRounds,
        double rate = 0.01)
    {
        using var scope = NewDisposeScope();
        var batch = x.shape[0];
        using var seeds = new Generator(1);
        using var w = new TensorBlock(kernels.Parameters, ScalarType.Float32, CPU);
        w.Initialise(seeds);
        using var phi = new TensorBlock(kernels.Coefficients, ScalarType.Float32, CPU);
        phi.Initialise(seeds);
        using var adjoint = TensorBlock.LikeZeros(w);
        adjoint.Flat.normal_(0, 1e-3, generator: seeds);
        using var gradPhi = TensorBlock.LikeZeros(phi);
        using var step = kernels.Step(w, phi, batch);
        using var reverse = kernels.Reverse(w, phi, adjoint, gradPhi, batch);
        // A number is worth something only where both sides compute the same.
        RequireSame(name, kernels, plain, form, loss, w, phi, adjoint, x, y, (float)rate, ScalarType.Float64, 1e-9);

        // Of as many activations as these have, rounding may put one to the other side of relu's kink, which alone changes gradients by a
        // few thousandths. What convolves wrongly (see Convolutions) is off by far more.
        RequireSame(name, kernels, plain, form, loss, w, phi, adjoint, x, y, (float)rate, ScalarType.Float32, 2e-2);

        var autograd = new AutogradSteps(plain, form, loss, w, phi, adjoint, (float)rate);
        step.Run(x, y, 0);
        var medians = Interleaved.Medians(
            budget,
            leastRounds,
            () => autograd.Step(x, y),
            () => step.Run(x, y, -rate),
            () => autograd.Reverse(x, y),
            () => reverse.Run(x, y, step.Kept, -rate));

        var doubleBackwardPeak = ResidentMemory.Peak(() => autograd.Reverse(x, y));
        var reversePeak = ResidentMemory.Peak(() =>
        {
            // What a trajectory holds of a step, and what its adjoint needs beside.
            using var kept = step.Kept.clone();
            using var fresh = kernels.Reverse(w, phi, adjoint, gradPhi, batch);
            fresh.Run(x, y, kept, -rate);
        });
        return new(name, medians[0], medians[1], medians[2], medians[3], doubleBackwardPeak, reversePeak);
    }

    // One step and its reverse, from one state.
    private static void RequireSame(
        string name,
        IStepKernels kernels,
        Func<Tensor[], Func<Tensor, Tensor>> plain,
        ITensorModule form,
        Func<Tensor, Tensor, Tensor> loss,
        TensorBlock startW,
        TensorBlock startPhi,
        TensorBlock startAdjoint,
        Tensor startX,
        Tensor y,
        float rate,
        ScalarType dtype,
        double tolerance)
    {
        using var scope = NewDisposeScope();
        using var w = CopyOf(startW);
        using var phi = CopyOf(startPhi);
        using var adjoint = CopyOf(startAdjoint);
        using var gradPhi = TensorBlock.LikeZeros(phi);
        var x = startX.is_floating_point() ? startX.to(dtype) : startX;
        Tensor[] before = [w.Flat.clone(), adjoint.Flat.clone(), gradPhi.Flat.clone()];
        var autograd = new AutogradSteps(plain, form, loss, w, phi, adjoint, rate);
        autograd.Step(x, y);
        autograd.Reverse(x, y);

        using var step = kernels.Step(w, phi, x.shape[0]);
        using var reverse = kernels.Reverse(w, phi, adjoint, gradPhi, x.shape[0]);
        step.Run(x, y, -rate);

        // Kept values belong to the parameters that a step starts from: another step takes those of the new ones.
        var after = w.Flat.clone();
        step.Run(x, y, -rate);
        w.Flat.copy_(after);
        reverse.Run(x, y, step.Kept, -rate);
        Compare("w", before[0], autograd.Weights, w.Flat);
        Compare("the adjoint of w", before[1], autograd.Adjoint, adjoint.Flat);
        Compare("the gradient of Phi", before[2], autograd.PhiGradient, gradPhi.Flat);

        TensorBlock CopyOf(TensorBlock block)
        {
            var copy = new TensorBlock(block.Layout, dtype, CPU);
            foreach (var (to, from) in copy.Tensors.Zip(block.Tensors))
            {
                to.copy_(from);
            }

            return copy;
        }

        // What was added is compared: beside the weights themselves, whatever a step does is small.
        void Compare(string what, Tensor start, Tensor expected, Tensor actual)
        {
            var added = expected - start;
            var error = ((actual - start - added).norm() / added.norm()).to(ScalarType.Float64).item<double>();
            if (!(error < tolerance))
            {
                throw new InvalidOperationException($"{name}: the generated step and autograd's disagree on {what} by {error:E1} in {dtype}.");
            }
        }
    }
}
