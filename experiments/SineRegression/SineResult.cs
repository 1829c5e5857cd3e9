namespace L2T.Experiments.SineRegression;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Rows">A row for each number of steps.</param>
internal sealed record SineResult(int Seed, IReadOnlyList<SineRow> Rows);

/// <summary>Mean squared errors on points that were not fitted, averaged over sines that no teacher has seen.</summary>
/// <param name="Steps">After so many steps.</param>
/// <param name="Squared">By the squared error, at the rate that is best for as many steps.</param>
/// <param name="Rate">This rate.</param>
/// <param name="Taught">By the taught loss.</param>
internal sealed record SineRow(int Steps, double Squared, double Rate, double Taught);
