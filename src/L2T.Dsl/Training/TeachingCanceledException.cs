namespace L2T.Dsl.Training;

/// <summary>Teaching was cancelled. Nothing is lost: <see cref="Learned"/> has all finished episodes and can be taught further.</summary>
public sealed class TeachingCanceledException : OperationCanceledException
{
    internal TeachingCanceledException(LearnedTeacher learned, OperationCanceledException cause)
        : base($"Teaching was cancelled after {learned.Episodes} episodes; what was learned is in Learned.", cause, cause.CancellationToken) =>
        Learned = learned;

    /// <summary>What the teacher had learned.</summary>
    public LearnedTeacher Learned { get; }
}
