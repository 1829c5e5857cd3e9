using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>The student's side of a trajectory: the tensors that it remembers and restores, none of which are its own, and replay.</summary>
public sealed class TrajectoryBinding
{
    internal TrajectoryBinding(StudentRun run, in TrajectorySizes sizes)
    {
        Run = run;
        Sizes = sizes;
    }

    /// <summary>The sizes that the policy was planned with.</summary>
    public TrajectorySizes Sizes { get; }

    /// <summary>T.</summary>
    public int Steps => Sizes.Steps;

    /// <summary>All that a step hands to the next, each flat: whoever restores these can go on from there.</summary>
    public IReadOnlyList<Tensor> Carried => Run.Carried;

    /// <summary>Those of <see cref="Carried"/> that the adjoint of a step reads.</summary>
    public IReadOnlyList<Tensor> AdjointInputs => Run.AdjointInputs;

    /// <summary>What the step on the batch that is loaded kept for its adjoint, flat: of batches of other shapes more or less.</summary>
    public Tensor Kept => Run.Kept;

    /// <summary>A tensor as large as the largest <see cref="Kept"/> of all shapes, to make places by.</summary>
    public Tensor LargestKept => Run.LargestKept;

    internal StudentRun Run { get; }

    /// <summary>
    /// Takes step <paramref name="step"/> again, by the code that took it first, from what <see cref="Carried"/> holds now. Leaves
    /// <see cref="Carried"/> as after the step, and <see cref="Kept"/>.
    /// </summary>
    /// <exception cref="ReplayException">The loss is not that of the first time (<see cref="LossTeacherExperiment.VerifyReplay"/>).</exception>
    public void Replay(int step) => Run.Replay(step);
}
