namespace L2T.Dsl.Training;

/// <summary>A student in training, as seen whenever its development figures are refreshed.</summary>
/// <param name="Step">How many steps it had taken.</param>
/// <param name="TrainLoss">The running average of the training loss.</param>
/// <param name="TrainAccuracy">The running average of the accuracy on training batches.</param>
/// <param name="DevError">The share of wrong answers on the development examples.</param>
public sealed record TrainingPoint(int Step, double TrainLoss, double TrainAccuracy, double DevError);
