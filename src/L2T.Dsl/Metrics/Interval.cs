namespace L2T.Dsl.Metrics;

/// <summary>A mean with its confidence interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The lower end; NaN for a single value, which has no interval.</param>
/// <param name="High">The upper end.</param>
public sealed record Interval(double Mean, double Low, double High);
