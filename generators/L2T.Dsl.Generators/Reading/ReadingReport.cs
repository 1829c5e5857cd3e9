using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Generators.Reading;

/// <summary>The problems of a reading and the live places that problems of later passes may refer to.</summary>
internal sealed class ReadingReport(string type, EquatableArray<Problem> problems, NodeLocations locations)
{
    /// <summary>The full name of the declared type.</summary>
    public string Type { get; } = type;

    /// <summary>What the reader found wrong.</summary>
    public EquatableArray<Problem> Problems { get; } = problems;

    /// <summary>Where the numbered nodes are.</summary>
    public NodeLocations Locations { get; } = locations;
}
