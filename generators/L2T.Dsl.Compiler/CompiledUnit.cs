using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Compiler;

/// <summary>What the compiler makes of a unit: files where it found no error, problems in any case.</summary>
/// <param name="Files">The generated files.</param>
/// <param name="Problems">What is wrong or worth knowing.</param>
public sealed record CompiledUnit(EquatableArray<GeneratedFile> Files, EquatableArray<Problem> Problems)
{
    /// <summary>Whether something was found that forbids its use.</summary>
    public bool HasErrors => Problems.Any(p => p.Rule.Severity == Severity.Error);
}

/// <summary>A generated source file.</summary>
/// <param name="Name">Its name, unique in the compilation.</param>
/// <param name="Text">Its text, LF line ends.</param>
public sealed record GeneratedFile(string Name, string Text);
