namespace L2T.Experiments.Translation;

/// <summary>The students of a loss.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="LearningRate">What was chosen for it.</param>
/// <param name="DevErrors">The share of wrong words on the development part, given the right ones before them, of each student.</param>
/// <param name="Bleu">BLEU on the test part, in percent, of each student.</param>
internal sealed record TranslationResult(string Loss, double LearningRate, IReadOnlyList<double> DevErrors, IReadOnlyList<double> Bleu);
