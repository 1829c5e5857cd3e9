namespace L2T.Dsl.Hypergradients;

/// <summary>
/// A step that was taken again on the way back had another loss than on the way forward, so that the gradient would be that of a training
/// which never was. Thrown where <see cref="Training.LossTeacherExperiment.VerifyReplay"/> asks for the comparison.
/// </summary>
public sealed class ReplayException : L2TException
{
    internal ReplayException(int step, double forward, double replayed)
        : base(FormattableString.Invariant($"The loss of step {step} was {forward:R} on the way forward and is {replayed:R} when the step is taken again. ")
            + "Something that the step depends on is not restored, or a kernel is not deterministic: "
            + "use TrajectoryPolicy.KeepAll until that is mended.")
    {
        Step = step;
        Forward = forward;
        Replayed = replayed;
    }

    /// <summary>The step.</summary>
    public int Step { get; }

    /// <summary>Its loss on the way forward.</summary>
    public double Forward { get; }

    /// <summary>Its loss when taken again.</summary>
    public double Replayed { get; }
}
