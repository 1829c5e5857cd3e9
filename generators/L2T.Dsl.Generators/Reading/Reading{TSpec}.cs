using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// What the reading of one declaration gave. Not a cached model: it holds live locations and compares by reference.
/// </summary>
internal sealed class Reading<TSpec>(string type, TSpec? spec, EquatableArray<Problem> problems, NodeLocations locations)
    where TSpec : class
{
    /// <summary>The full name of the declared type.</summary>
    public string Type { get; } = type;

    /// <summary>The spec as the pipeline caches it.</summary>
    public Declared<TSpec> Declared { get; } = new(type, spec);

    /// <summary>What the report of problems needs.</summary>
    public ReadingReport Report { get; } = new(type, problems, locations);
}
