namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>A known method called in a form that has no rule; the lowering turns it into a problem at the call.</summary>
/// <param name="message">What is not supported, and what to write instead.</param>
public sealed class LoweringException(string message) : Exception(message);
