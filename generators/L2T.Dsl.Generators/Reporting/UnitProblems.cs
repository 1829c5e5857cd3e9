using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Generators.Reporting;

/// <summary>The problems that linking or compiling a unit found.</summary>
/// <param name="Root">The type that the unit was made for: problems in other assemblies are shown at it.</param>
/// <param name="Problems">The problems.</param>
internal sealed record UnitProblems(string Root, EquatableArray<Problem> Problems);
