using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>A method whose body was read.</summary>
/// <param name="Node">The ordinal of its name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Returns">The shape promised by <c>[return: Shape]</c>, or null.</param>
/// <param name="Body">Its statements; an expression body is one return.</param>
public sealed record MethodSpec(int Node, string Name, EquatableArray<MethodParameterSpec> Parameters, Shape? Returns, EquatableArray<Statement> Body);

/// <summary>A parameter of a read method.</summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type promised by <c>[Shape]</c> (real) or <c>[Labels]</c> (integer); null where none is given.</param>
/// <param name="Default">The default value; null if it has none.</param>
public sealed record MethodParameterSpec(int Node, string Name, TensorType? Type, Expression? Default);
