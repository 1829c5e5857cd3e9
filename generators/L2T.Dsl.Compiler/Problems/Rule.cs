namespace L2T.Dsl.Compiler.Problems;

/// <summary>One rule of the DSL: a stable id, a title, a message with holes, a severity.</summary>
/// <param name="Id">The id, <c>L2Tnnnn</c>; stable for ever.</param>
/// <param name="Title">The rule in a few words.</param>
/// <param name="Message">The message; holes are <c>{0}</c>, <c>{1}</c> ...</param>
/// <param name="Severity">How much breaking it matters.</param>
public sealed record Rule(string Id, string Title, string Message, Severity Severity);
