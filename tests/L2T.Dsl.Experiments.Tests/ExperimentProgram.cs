using System.Reflection;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>Runs a program of this repository's experiments in this process.</summary>
internal static class ExperimentProgram
{
    /// <summary>The exit code, and what was written.</summary>
    public static (int Code, string Output, string Errors) Run(Assembly program, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var (before, beforeErrors) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(errors);
        try
        {
            var code = (int)program.EntryPoint!.Invoke(null, [args])!;
            return (code, output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeErrors);
        }
    }
}
