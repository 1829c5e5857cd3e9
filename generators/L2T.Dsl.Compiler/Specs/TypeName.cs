namespace L2T.Dsl.Compiler.Specs;

/// <summary>The name of a type that the generator adds to or refers to.</summary>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Name">Its simple name.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>.</param>
public sealed record TypeName(string Namespace, string Name, string Accessibility)
{
    /// <summary>The full metadata name, the key of specs.</summary>
    public string Full => Namespace.Length == 0 ? Name : Namespace + "." + Name;

    /// <summary>The name in generated code.</summary>
    public string Global => "global::" + Full;
}
