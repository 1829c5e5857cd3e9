using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>What is to be compared.</summary>
/// <param name="Losses">Fixed losses.</param>
/// <param name="Teachers">Teachers by the names of their rows.</param>
/// <param name="Reference">The loss or teacher that the others are tested against.</param>
/// <param name="Seeds">Students of each.</param>
/// <param name="Rates">Learning rates to choose from.</param>
/// <param name="TuningSeeds">Students of each rate.</param>
/// <param name="Parallel">Students at once.</param>
internal sealed record ComparePlan(
    IReadOnlyList<string> Losses,
    IReadOnlyList<(string Name, LearnedTeacher Teacher)> Teachers,
    string Reference,
    int Seeds,
    IReadOnlyList<double> Rates,
    int TuningSeeds,
    int Parallel);
