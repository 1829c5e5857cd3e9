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
}
