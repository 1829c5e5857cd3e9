using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// The live places of the nodes that a reading numbered. It travels beside the spec and never inside one: it changes
/// with every edit of the file, and only the report of problems and <see cref="Reporting.FallbackPlaces"/> may depend on it.
/// </summary>
internal sealed class NodeLocations
{
    private readonly List<(SyntaxTree Tree, TextSpan Span)> _places = [];

    /// <summary>The place that stands for the whole declaration where a node of another assembly is meant.</summary>
    public Location Declaration { get; set; } = Location.None;

    /// <summary>The places of all declarations that were read.</summary>
    public static Dictionary<string, NodeLocations> ByType(ImmutableArray<ReadingReport> readings)
    {
        var locations = new Dictionary<string, NodeLocations>();
        foreach (var reading in readings)
        {
            locations[reading.Type] = reading.Locations;
        }

        return locations;
    }

    /// <summary>Numbers a place.</summary>
    public int Add(SyntaxTree tree, TextSpan span)
    {
        _places.Add((tree, span));
        return _places.Count - 1;
    }

    /// <summary>The source location of a node. It must hold the live tree, or <c>#pragma warning</c> would not act on it.</summary>
    public Location this[int node] =>
        node >= 0 && node < _places.Count ? Location.Create(_places[node].Tree, _places[node].Span) : Declaration;
}
