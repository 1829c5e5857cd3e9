namespace L2T.Dsl.Reporting;

/// <summary>One student's errors, as shares.</summary>
/// <param name="Seed">The seed it was trained with.</param>
/// <param name="DevError">Share of wrong answers on the development examples; NaN where there is none to speak of.</param>
/// <param name="TestError">Share of wrong answers on the test examples.</param>
public sealed record SeedResult(int Seed, double DevError, double TestError);
