namespace L2T.Dsl.Metrics;

/// <summary>A running average as it stands.</summary>
/// <param name="Moment">m.</param>
/// <param name="WeightOfStart">The weight of the start in it.</param>
internal readonly record struct RunningState(double Moment, double WeightOfStart);
