using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>A student after its training.</summary>
/// <param name="Loss">The loss it was trained with.</param>
/// <param name="Seed">The seed of its start and of the order of its examples: the same for every loss.</param>
/// <param name="LearningRate">The learning rate it was trained with.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="DevError">Its share of wrong answers on the development examples.</param>
/// <param name="Curve">How it got there, at every refresh of the development figures and at the end.</param>
/// <param name="Coefficients">The coefficients of its loss, at the same steps but the end; empty for a loss without any.</param>
public sealed record TrainedStudent(
    string Loss,
    int Seed,
    double LearningRate,
    ParameterSet Weights,
    double DevError,
    IReadOnlyList<TrainingPoint> Curve,
    IReadOnlyList<CoefficientSnapshot> Coefficients);
