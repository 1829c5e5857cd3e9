using System.CommandLine;
using L2T.Dsl.Experiments.CommandLine;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments;

/// <summary>
/// The command line of an experiment, as one line of its program: <c>teach</c>, <c>resume</c>, <c>train</c>, <c>evaluate</c>, <c>compare</c>,
/// <c>sweep</c>, <c>summary</c> and <c>report</c>, with an option for every typed property of the experiment and of its optimizer.
/// <code>
/// return ExperimentCommandLine.Run(args, () => new DigitsExperiment { Data = data });
/// </code>
/// </summary>
public static class ExperimentCommandLine
{
    /// <summary>Runs the command that <paramref name="args"/> say.</summary>
    /// <typeparam name="TExperiment">The experiment, a class marked <see cref="ExperimentAttribute"/>.</typeparam>
    /// <param name="args">The program's arguments.</param>
    /// <param name="create">
    /// Makes the experiment with its data and the settings that are its own; options and files are set over them. It must make a new one at
    /// every call: each trial of a sweep has one, and they run at once. Help needs one too: data that may not be there yet are best read by an
    /// override of <see cref="LossTeacherExperiment.Data"/>, which is asked for when something runs.
    /// </param>
    /// <returns>What the process should end with; see <see cref="ExitCodes"/>.</returns>
    public static int Run<TExperiment>(string[] args, Func<TExperiment> create) where TExperiment : LossTeacherExperiment
    {
        using var signals = new StopSignals();
        return Run(args, create, Console.Out, Console.Error, signals.Token);
    }

    internal static int Run<TExperiment>(
        string[] args, Func<TExperiment> create, TextWriter output, TextWriter errors, CancellationToken cancellation)
        where TExperiment : LossTeacherExperiment
    {
        return ExitCodes.Of(Run, errors, cancellation, ExperimentSettings.MessageOf);

        int Run()
        {
            var commands = new ExperimentCommands(create, output, errors, cancellation);
            var parsed = commands.Root.Parse(args);
            if (parsed.Errors.Count > 0)
                throw new L2TException(Describe(parsed));
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                // Signals are the caller's.
                ProcessTerminationTimeout = null,
            });
        }
    }

    private static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count == 0)
            return $"{parsed.Errors[0].Message} See --help.";
        var token = parsed.UnmatchedTokens[0];
        var known = token.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        return $"'{token}' is not known here.{Names.Suggestion(token, known)} See --help.";
    }
}
