namespace L2T.Dsl.Training;

/// <summary>A student in training, as seen whenever its development figures are refreshed.</summary>
/// <param name="Step">How many steps it had taken.</param>
/// <param name="TrainLoss">The running average of the training loss.</param>
/// <param name="TrainAccuracy">The running average of the accuracy on training batches; null where targets are real numbers.</param>
/// <param name="DevError">The error on the development examples: the share of wrong answers, or the mean squared error.</param>
public sealed record TrainingPoint(int Step, double TrainLoss, double? TrainAccuracy, double DevError);
