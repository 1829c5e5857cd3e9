using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs.Bodies;

/// <summary>A statement of a body.</summary>
public abstract record Statement(int Node);

/// <summary>
/// Declares or assigns locals; several names take a tuple apart, and a discarded item is an empty name. Assigning
/// again gives the name a new value.
/// </summary>
public sealed record LetStatement(int Node, EquatableArray<string> Names, Expression Value) : Statement(Node);

/// <summary>Leaves the method with a value.</summary>
public sealed record ReturnStatement(int Node, Expression Value) : Statement(Node);

/// <summary>A branch whose condition is known at compile time (train or eval, a constructor parameter).</summary>
public sealed record IfStatement(int Node, Expression Condition, EquatableArray<Statement> Then, EquatableArray<Statement> Else) : Statement(Node);
