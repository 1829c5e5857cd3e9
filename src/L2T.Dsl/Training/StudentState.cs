namespace L2T.Dsl.Training;

/// <summary>
/// What a teacher may see of its student before step <see cref="Step"/>: the arguments of the state features. All of it is constant:
/// no gradient flows through it. Lives on the stack; copy out what is to be kept.
/// </summary>
public readonly ref struct StudentState
{
    /// <summary>The step about to be taken: 0, ..., <see cref="TotalSteps"/> - 1.</summary>
    public required int Step { get; init; }

    /// <summary>Number of steps of the whole training.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>
    /// Running average of the loss that the student is trained with, over its last batches: exponential, weight
    /// <see cref="LossTeacherExperiment.RunningAverageDecay"/>, corrected for its start as Adam's moments are. 0 before the first step.
    /// </summary>
    public required float TrainLoss { get; init; }

    /// <summary>
    /// Running average, of the same kind, of the share of right answers in the last batches. 0 before the first step; NaN where targets are
    /// real numbers.
    /// </summary>
    public required float TrainAccuracy { get; init; }

    /// <summary>
    /// Running average, of the same kind, of the error in the last batches: the share of wrong answers, or the mean squared error where targets
    /// are real numbers. 0 before the first step.
    /// </summary>
    public required float TrainError { get; init; }

    /// <summary>
    /// Share of right answers on the development set, as of the last refresh: before every
    /// <see cref="LossTeacherExperiment.StateInterval"/>-th step, the first one included. NaN where targets are real numbers.
    /// </summary>
    public required float DevAccuracy { get; init; }

    /// <summary>
    /// The error on the development set: the share of wrong answers, or the mean squared error where targets are real numbers. Refreshed with
    /// <see cref="DevAccuracy"/>.
    /// </summary>
    public required float DevError { get; init; }

    /// <summary>
    /// For each class, the share of right answers among the development examples that were given that class; 0 for a class that was
    /// given to none. Refreshed with <see cref="DevAccuracy"/>. Empty where targets are real numbers.
    /// </summary>
    public required ReadOnlySpan<float> DevPrecisionPerClass { get; init; }

    /// <summary>Number of classes; 0 where targets are real numbers.</summary>
    public int Classes => DevPrecisionPerClass.Length;
}
