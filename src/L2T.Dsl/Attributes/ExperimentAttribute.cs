namespace L2T.Dsl;

/// <summary>
/// Marks an experiment: the generated part derives it from <c>LossTeacherExperiment</c> and adds the kernels that train
/// the student and differentiate its training.
/// </summary>
/// <param name="student">The student, a type marked <see cref="StudentAttribute"/>.</param>
/// <param name="teacher">The teacher, a type marked <see cref="TeacherAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExperimentAttribute(Type student, Type teacher) : Attribute
{
    /// <summary>The student being taught.</summary>
    public Type Student { get; } = student;

    /// <summary>The teacher that sets the coefficients of the student's loss.</summary>
    public Type Teacher { get; } = teacher;

    /// <summary>
    /// The relaxed metric that the teacher maximises on the dev set, a type marked <see cref="MetricAttribute"/>;
    /// without one, <c>L2T.Dsl.Metrics.ExpectedAccuracy</c>, the paper's.
    /// </summary>
    public Type? Metric { get; set; }

    /// <summary>The losses to compare with, types marked <see cref="LossFormAttribute"/>, their coefficients at their start.</summary>
    public Type[] Baselines { get; set; } = [];

    /// <summary>
    /// How the reverse sweep comes back to the steps of the student's training. The parameters of the policy, if it has any, become properties of
    /// the experiment: <c>TrajectoryFolder</c>, <c>TrajectorySnapshots</c>, <c>TrajectoryWindow</c>, <c>MemoryBudget</c>.
    /// </summary>
    public TrajectoryPolicy Trajectory { get; set; } = TrajectoryPolicy.KeepAll;

    /// <summary>
    /// alpha, at least 0 and less than 1: students are trained with alpha times cross-entropy plus (1 - alpha) times the loss form, as by
    /// <c>--combine_loss</c> in the authors' demo (there 0.5), which the teacher's gradient goes through. It is no part of fixed losses.
    /// Default 0: none.
    /// </summary>
    public double CrossEntropyShare { get; set; }
}
