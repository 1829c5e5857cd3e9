namespace L2T.Dsl.Compiler.Problems;

/// <summary>
/// A place in a user's source without a location: the node with this ordinal among the nodes that the reading of
/// <paramref name="Type"/> numbered. Ordinals depend on the declaration's structure alone, so an edit of comments or
/// blank lines leaves every spec, and with it every cached step, equal; whoever reports a problem turns the ordinal
/// back into the live location.
/// </summary>
/// <param name="Type">The full metadata name of the declaring type.</param>
/// <param name="Node">The ordinal; 0 is the type's own name.</param>
public readonly record struct SourceAnchor(string Type, int Node)
{
    /// <summary>What stands for the place in generated code, where no location may be: it would be another text on every machine.</summary>
    public string Key => $"{Type}:{Node}";
}
