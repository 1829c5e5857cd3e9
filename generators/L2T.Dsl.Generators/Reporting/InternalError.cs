using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Generators.Reporting;

/// <summary>Turns exceptions that should not be into problems, so that one declaration fails and not the generator (CS8785).</summary>
internal static class InternalError
{
    /// <summary>Compiles a unit; an exception becomes a problem of its type.</summary>
    public static CompiledUnit Guard(string type, Func<CompiledUnit> compile, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return compile();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new([], [Of(type, e)]);
        }
    }

    /// <summary>The problem of an exception met while working on a type.</summary>
    public static Problem Of(string type, Exception exception)
    {
        // One frame tells maintainers where; the whole trace would not fit the one line of a diagnostic.
        var frame = (exception.StackTrace ?? "").Split('\n')[0].Trim();
        var text = $"{exception.GetType().Name}: {exception.Message} {frame}".Replace('\r', ' ').Replace('\n', ' ').Trim();
        return new(Rules.InternalError, new(type, 0), [type, text]);
    }
}
