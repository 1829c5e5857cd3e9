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

/// <summary>
/// A counted loop. <paramref name="Name"/> is an integer that goes up by one (<c>&lt; &lt;=</c>) or down by one (<c>&gt; &gt;=</c>) from
/// <paramref name="First"/> while the comparison with <paramref name="Bound"/> holds; <c>foreach</c> over blocks arrives as one over their
/// indices.
/// </summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Name">The counter.</param>
/// <param name="First">Its first value.</param>
/// <param name="Comparison">The comparison.</param>
/// <param name="Bound">What it is compared with.</param>
/// <param name="Assigned">The names from before the loop that the body assigns, or adds elements to.</param>
/// <param name="Body">The statements of an iteration.</param>
public sealed record ForStatement(
    int Node, string Name, Expression First, string Comparison, Expression Bound, EquatableArray<string> Assigned, EquatableArray<Statement> Body) : Statement(Node);

/// <summary>Adds an element to a list of the body: <c>all.Add(h)</c>.</summary>
public sealed record AddStatement(int Node, string List, Expression Element) : Statement(Node);
