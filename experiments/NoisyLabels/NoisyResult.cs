namespace L2T.Experiments.NoisyLabels;

/// <summary>What came of one seed; errors are shares.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="CrossEntropy">Test error of cross-entropy on the training examples, at the rate of the taught weights.</param>
/// <param name="Tuned">That at the learning rate of least development error.</param>
/// <param name="TunedRate">This rate.</param>
/// <param name="WithDev">Test error of cross-entropy on training and development examples, at this rate.</param>
/// <param name="Taught">Test error under the taught weights.</param>
/// <param name="Auc">How well the weights tell clean training examples from wrong ones: the probability that of one of each the clean one has the
/// larger weight.</param>
/// <param name="CleanWeight">The mean weight of clean training examples.</param>
/// <param name="WrongWeight">That of wrong ones.</param>
internal sealed record NoisyResult(int Seed, double CrossEntropy, double Tuned, double TunedRate, double WithDev, double Taught, double Auc, double CleanWeight, double WrongWeight);
