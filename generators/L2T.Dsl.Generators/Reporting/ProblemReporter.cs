using System.Collections.Immutable;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Generators.Reading;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reporting;

/// <summary>Turns problems into diagnostics at live locations.</summary>
internal static class ProblemReporter
{
    /// <summary>Reports what readings, linking and compiling found; the same message at the same place once.</summary>
    public static void Report(SourceProductionContext context, ImmutableArray<ReadingReport> readings, ImmutableArray<UnitProblems> units)
    {
        var locations = NodeLocations.ByType(readings);
        var reported = new HashSet<(string, Location, string)>();
        foreach (var (root, problem) in readings.SelectMany(r => r.Problems.Select(p => (r.Type, p)))
            .Concat(units.SelectMany(u => u.Problems.Select(p => (u.Root, p)))))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var location = Locate(problem.At, root, locations);
            var diagnostic = Diagnostic.Create(Descriptors.Of(problem.Rule), location, [.. problem.Arguments]);
            if (reported.Add((diagnostic.Id, location, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture))))
            {
                context.ReportDiagnostic(diagnostic);
            }
        }
    }

    /// <summary>A node of another assembly has no place here: the attribute of the declaration that refers to it stands for it.</summary>
    private static Location Locate(SourceAnchor anchor, string root, Dictionary<string, NodeLocations> locations) =>
        locations.TryGetValue(anchor.Type, out var own) ? own[anchor.Node]
        : locations.TryGetValue(root, out var referring) ? referring.Declaration
        : Location.None;
}
