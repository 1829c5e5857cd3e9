using L2T.Dsl.Optimizers;

namespace L2T.Dsl.Tests.Support;

/// <summary>A schedule of one's own.</summary>
internal sealed record FactorSchedule(Func<int, double> Of) : LearningRateSchedule
{
    public override double Factor(int step, int steps) => Of(step);
}
