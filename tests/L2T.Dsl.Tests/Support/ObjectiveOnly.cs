using L2T.Dsl.Hypergradients;

namespace L2T.Dsl.Tests.Support;

/// <summary>How an episode is gone through where its gradient is not asked for, as at the points of a central difference.</summary>
internal static class ObjectiveOnly
{
    /// <summary>The way forward, which decides the objective, is the whole episode's; the way back is one step.</summary>
    public static ITrajectoryPolicy Trajectory { get; } = new TruncatedTrajectory(1);
}
