using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments;

/// <summary>What the process of an experiment's command line ends with.</summary>
public static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A training failed: a loss became NaN or infinite.</summary>
    public const int Failure = 1;

    /// <summary>An option, a file or a setting is at fault; one line on the error output says which and what to do.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, SIGTERM or SIGHUP; what was saved is named.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs a command; where it fails, says how in one line.</summary>
    /// <param name="command">The command, which gives its own code where it ends by itself.</param>
    /// <param name="errors">Where failures are said.</param>
    /// <param name="cancellation">What asks the command to stop.</param>
    /// <param name="message">What is said of bad input; null: the exception's own message.</param>
    /// <returns>What the process should end with.</returns>
    public static int Of(Func<int> command, TextWriter errors, CancellationToken cancellation, Func<L2TException, string>? message = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            return command();
        }
        catch (OperationCanceledException)
        {
            return End(Interrupted, "Stopped.");
        }
        catch (NonFiniteException e)
        {
            return End(Failure, e.Message);
        }
        catch (L2TException e)
        {
            return End(BadInput, message is null ? e.Message : message(e));
        }
        // Who closes the terminal asks to stop, and then there is nobody to tell.
        catch (IOException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (IOException e)
        {
            // Of the output, which may be a file too; those of a run have said so themselves.
            return End(BadInput, $"The output cannot be written: {e.Message} Check where it goes, and the free space there.");
        }

        int End(int code, string line)
        {
            try
            {
                errors.WriteLine(line);
            }
            catch (IOException)
            {
                // The code is all that can be said.
            }
            return code;
        }
    }
}
