namespace L2T.Dsl.Compiler.Specs.Bodies;

/// <summary>An argument of a call.</summary>
/// <param name="Parameter">The name of the parameter it fills.</param>
/// <param name="Value">What is passed.</param>
public sealed record Argument(string Parameter, Expression Value);
