using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>The objective of a teacher over one episode, and its gradient with respect to all that decides the student's training.</summary>
/// <param name="Objective">The relaxed metric of the trained student, less the penalty on the coefficients.</param>
/// <param name="Teacher">Its gradient with respect to the teacher's parameters.</param>
/// <param name="InitialWeights">With respect to w_0, the weights at step 0: behind a warm start, those that it led to.</param>
/// <param name="StepRates">With respect to the learning rate eta_t of each step, the schedule's factor included in it; length T.</param>
/// <param name="LearningRate">With respect to <see cref="LossTeacherExperiment.LearningRate"/>, the schedule and w_0 held: what a warm start at that rate
/// makes of w_0 is not in it.</param>
/// <param name="Momentum">With respect to <see cref="Optimizers.SgdOptions.Momentum"/>, or <see cref="Optimizers.AdamOptions.Beta1"/>.</param>
/// <param name="WeightDecay">With respect to <see cref="Optimizers.OptimizerOptions.WeightDecay"/>.</param>
public sealed record TrainingGradient(
    double Objective,
    ParameterSet Teacher,
    ParameterSet InitialWeights,
    IReadOnlyList<double> StepRates,
    double LearningRate,
    double Momentum,
    double WeightDecay);
