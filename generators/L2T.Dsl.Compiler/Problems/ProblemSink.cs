using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Problems;

/// <summary>Collects the problems a pass finds; the same problem at the same place is kept once.</summary>
public sealed class ProblemSink
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<Problem> _seen = [];

    /// <summary>Whether something was found that forbids generating code.</summary>
    public bool HasErrors => _problems.Any(p => p.Rule.Severity == Severity.Error);

    /// <summary>What was found, in the order found.</summary>
    public EquatableArray<Problem> Problems => _problems.ToEquatableArray();

    /// <summary>Notes a problem.</summary>
    public void Report(Rule rule, SourceAnchor at, params string[] arguments) => Report(new Problem(rule, at, [.. arguments]));

    /// <summary>Notes a problem found elsewhere.</summary>
    public void Report(Problem problem)
    {
        if (_seen.Add(problem))
        {
            _problems.Add(problem);
        }
    }
}
