namespace L2T.Dsl.Training;

/// <summary>The teacher could not be saved. Nothing is lost: <see cref="Learned"/> has all finished episodes.</summary>
public sealed class TeacherNotSavedException : L2TException
{
    internal TeacherNotSavedException(LearnedTeacher learned, Exception cause)
        : base($"The teacher could not be saved after {learned.Episodes} episodes: {cause.Message} What was learned is in Learned: save it elsewhere.", cause) =>
        Learned = learned;

    /// <summary>What the teacher had learned.</summary>
    public LearnedTeacher Learned { get; }
}
