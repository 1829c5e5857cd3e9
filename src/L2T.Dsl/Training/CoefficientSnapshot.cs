using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>The coefficients of a taught loss at one step of a training.</summary>
/// <param name="Step">The step that was taken with them.</param>
/// <param name="Values">The coefficients.</param>
public sealed record CoefficientSnapshot(int Step, ParameterSet Values);
