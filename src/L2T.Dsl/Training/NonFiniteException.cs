namespace L2T.Dsl.Training;

/// <summary>
/// The loss, the metric or a gradient became NaN or infinite. While a teacher is being taught, <see cref="Learned"/> is what it had
/// learned before the episode that failed: it can be used, saved, or taught further with other settings.
/// </summary>
public sealed class NonFiniteException : L2TException
{
    internal NonFiniteException(string what, int step, IReadOnlyList<CoefficientRange> coefficients)
        : this(what, step, coefficients, null, null)
    {
    }

    private NonFiniteException(string what, int step, IReadOnlyList<CoefficientRange> coefficients, int? episode, LearnedTeacher? learned)
        : base(Describe(what, step, coefficients, episode))
    {
        What = what;
        Step = step;
        Coefficients = coefficients;
        Episode = episode;
        Learned = learned;
    }

    /// <summary>The step of the student's training at which it was noticed.</summary>
    public int Step { get; }

    /// <summary>The coefficients of the loss at that step.</summary>
    public IReadOnlyList<CoefficientRange> Coefficients { get; }

    /// <summary>The episode, where a teacher was being taught.</summary>
    public int? Episode { get; }

    /// <summary>What the teacher had learned before that episode; null where none was being taught.</summary>
    public LearnedTeacher? Learned { get; }

    private string What { get; }

    internal NonFiniteException During(int episode, LearnedTeacher learned) => new(What, Step, Coefficients, episode, learned);

    private static string Describe(string what, int step, IReadOnlyList<CoefficientRange> coefficients, int? episode)
    {
        var where = episode is null ? $"step {step}" : $"step {step} of episode {episode}";
        var ranges = coefficients.Count == 0 ? "the loss has no coefficients" : "coefficients " + string.Join(", ", coefficients);
        // In the first episode the teacher has learned nothing yet that could be to blame.
        var advice = episode switch
        {
            null => "Lower the learning rate.",
            0 => "Lower LearningRate, or train for fewer Steps.",
            _ => "Lower TeacherLearningRate or set TeacherGradientClip, then lower LearningRate; what was learned before is in Learned.",
        };
        return $"{what} at {where} ({ranges}). {advice}";
    }
}
