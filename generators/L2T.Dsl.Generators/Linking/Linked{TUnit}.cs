using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Generators.Linking;

/// <summary>What linking made of a declaration.</summary>
/// <param name="Type">The full name of the declared type.</param>
/// <param name="Unit">The unit; null where something that it needs is missing.</param>
/// <param name="Problems">What is missing, unless reported already.</param>
internal sealed record Linked<TUnit>(string Type, TUnit? Unit, EquatableArray<Problem> Problems)
    where TUnit : class;
