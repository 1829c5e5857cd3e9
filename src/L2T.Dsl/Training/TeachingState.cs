using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>What teaching goes on from, beside the settings.</summary>
/// <param name="Latest">The teacher's parameters after the last episode.</param>
/// <param name="FirstMoment">Adam's first moment.</param>
/// <param name="SecondMoment">Adam's second moment.</param>
/// <param name="Updates">Number of updates of the parameters.</param>
/// <param name="Best">The best teacher so far by held-out error; null where there are no held-out examples.</param>
internal sealed record TeachingState(
    ParameterSet Latest, ParameterSet FirstMoment, ParameterSet SecondMoment, int Updates, BestTeacher? Best);

/// <summary>The teacher of the episode that ended the best window of episodes by held-out error.</summary>
/// <param name="Episode">That episode.</param>
/// <param name="Error">The mean held-out error over the window.</param>
/// <param name="Parameters">The teacher's parameters in that episode.</param>
internal sealed record BestTeacher(int Episode, double Error, ParameterSet Parameters)
{
    /// <summary>Whether teaching stops after so many episodes, because none of the last <paramref name="patience"/> was better.</summary>
    public bool IsFinal(int? patience, int episodes) => patience is { } most && episodes - 1 - Episode >= most;
}
