using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Generators.Reading;

/// <summary>A module of a referenced assembly.</summary>
/// <param name="Type">The full name of its type.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="Spec">The spec; null where the text is of another version of the generator.</param>
internal sealed record ReferencedModule(string Type, string Assembly, ModuleSpec? Spec);
