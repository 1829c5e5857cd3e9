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
    /// every call: each trial of a sweep has one, and they run at once.
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
        try
        {
            var commands = new ExperimentCommands(create, output, errors, cancellation);
            var parsed = commands.Root.Parse(args);
            if (parsed.Errors.Count > 0)
                return End(ExitCodes.BadInput, Describe(parsed));
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                // Signals are the caller's.
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException)
        {
            return End(ExitCodes.Interrupted, "Stopped.");
        }
        catch (NonFiniteException e)
        {
            return End(ExitCodes.Failure, e.Message);
        }
        catch (L2TException e)
        {
            return End(ExitCodes.BadInput, ExperimentSettings.MessageOf(e));
        }
        // Who closes the terminal asks to stop, and then there is nobody to tell.
        catch (IOException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException e)
        {
            // Of the output, which may be a file too; those of the run have said so themselves.
            return End(ExitCodes.BadInput, $"The output cannot be written: {e.Message} Check where it goes, and the free space there.");
        }

        int End(int code, string message)
        {
            try
            {
                errors.WriteLine(message);
            }
            catch (IOException)
            {
                // The code is all that can be said.
            }
            return code;
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
