using L2T.Dsl;
using L2T.Dsl.Experiments;
using Spectre.Console.Cli;

namespace L2T.Experiments.Common;

/// <summary>A program of one command.</summary>
public static class CommandProgram
{
    /// <summary>Runs the command: bad input is one line, a signal ends it at the next step.</summary>
    /// <typeparam name="TCommand">The command.</typeparam>
    /// <param name="args">The program's arguments.</param>
    /// <param name="name">What help calls the program.</param>
    /// <param name="description">What help says that it does.</param>
    /// <returns>What the process should end with; see <see cref="ExitCodes"/>.</returns>
    public static int Run<TCommand>(string[] args, string name, string description) where TCommand : class, ICommand
    {
        using var signals = new StopSignals();
        var app = new CommandApp<TCommand>().WithDescription(description);
        app.Configure(config =>
        {
            config.SetApplicationName(name);
            config.UseStrictParsing();
            config.PropagateExceptions();
        });
        return ExitCodes.Of(
            () =>
            {
                try
                {
                    return app.Run(args, signals.Token);
                }
                catch (CommandAppException e)
                {
                    // What the parser makes of a last option that lacks its value.
                    throw new L2TException(e.Message.Contains("__default_command", StringComparison.Ordinal) ? $"{args[^1]} needs a value. See --help." : e.Message, e);
                }
            },
            Console.Error,
            signals.Token);
    }
}
