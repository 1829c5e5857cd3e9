namespace L2T.Dsl.Reporting;

/// <summary>One student's errors: shares of wrong answers, or mean squared errors.</summary>
/// <param name="Seed">The seed it was trained with.</param>
/// <param name="DevError">Error on the development examples; NaN where there is none to speak of.</param>
/// <param name="TestError">Error on the test examples.</param>
public sealed record SeedResult(int Seed, double DevError, double TestError);
