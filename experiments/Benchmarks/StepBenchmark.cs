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
        var autograd = new AutogradSteps(plain, form, loss, w, phi, adjoint, (float)rate);

        using var step = kernels.Step(w, phi, batch);
        using var reverse = kernels.Reverse(w, phi, adjoint, gradPhi, batch);
        void Reverse()
        {
            // As in a sweep: what the step kept comes back from the trajectory first.
            reverse.Kept.copy_(step.Kept);
            reverse.Run(x, y, -rate);
        }

        // A number is worth something only where both sides compute the same: one step and its reverse, from one state.
        Tensor[] before = [w.Flat.clone(), adjoint.Flat.clone(), gradPhi.Flat.clone()];
        autograd.Step(x, y);
        autograd.Reverse(x, y);
        step.Run(x, y, -rate);

        // Kept values belong to the parameters that a step starts from; seed 0 takes those of the new ones.
        step.Run(x, y, 0);
        Reverse();
        RequireSame(name, "w", before[0], autograd.Weights, w.Flat);
        RequireSame(name, "the adjoint of w", before[1], autograd.Adjoint, adjoint.Flat);
        RequireSame(name, "the gradient of Phi", before[2], autograd.PhiGradient, gradPhi.Flat);

        var medians = Interleaved.Medians(
            budget,
            leastRounds,
            () => autograd.Step(x, y),
            () => step.Run(x, y, -rate),
            () => autograd.Reverse(x, y),
            Reverse);

        var doubleBackwardPeak = ResidentMemory.Peak(() => autograd.Reverse(x, y));
        var reversePeak = ResidentMemory.Peak(() =>
        {
            using var kept = step.Kept.clone();
            using var fresh = kernels.Reverse(w, phi, adjoint, gradPhi, batch);
            fresh.Kept.copy_(kept);
            fresh.Run(x, y, -rate);
        });
        return new(name, medians[0], medians[1], medians[2], medians[3], doubleBackwardPeak, reversePeak);
    }

    // What was added is compared: beside the weights themselves, whatever a step does is small.
    private static void RequireSame(string name, string what, Tensor before, Tensor expected, Tensor actual)
    {
        const double Tolerance = 2e-3;
        using var scope = NewDisposeScope();
        var added = expected - before;
        var error = ((actual - before - added).norm() / added.norm()).item<float>();
        if (!(error < Tolerance))
        {
            throw new InvalidOperationException($"{name}: the generated step and autograd's disagree on {what} by {error:E1}.");
        }
    }
}
