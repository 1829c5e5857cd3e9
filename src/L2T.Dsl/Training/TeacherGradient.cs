using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>The objective of a teacher over one episode, and its gradient.</summary>
/// <param name="Objective">The relaxed metric of the trained student, less the penalty on the coefficients.</param>
/// <param name="Gradient">Its gradient with respect to the teacher's parameters, through the whole training.</param>
public sealed record TeacherGradient(double Objective, ParameterSet Gradient);
