namespace L2T.Dsl;

/// <summary>
/// How the reverse sweep comes back to the steps of a student's training. T is the number of steps. All but <see cref="Truncated"/> are
/// exact; of one forward arithmetic they give the same bits. <see cref="Reversal"/> has a forward arithmetic of its own.
/// </summary>
public enum TrajectoryPolicy
{
    /// <summary>Every step is kept in memory; no step is taken twice.</summary>
    KeepAll,

    /// <summary>Every step is kept in a memory-mapped temporary file; no step is taken twice.</summary>
    KeepOnDisk,

    /// <summary>A checkpoint every sqrt(T) steps, from which a segment is trained again: less than one extra training.</summary>
    SquareRoot,

    /// <summary>
    /// Recursive checkpointing with a given number of snapshots, by the schedule with the fewest extra steps (Griewank and Walther, 2000,
    /// "Algorithm 799: revolve").
    /// </summary>
    Revolve,

    /// <summary>
    /// The steps of gradient descent with momentum, which is the experiment's default optimizer then, are undone, in integer arithmetic that
    /// stores the bits which a step would lose (Maclaurin, Duvenaud and Adams, 2015, section 2.2).
    /// </summary>
    Reversal,

    /// <summary>The sweep goes back through the last steps only: a biased gradient, in return for the memory of those steps.</summary>
    Truncated,

    /// <summary>The policy that costs the fewest extra steps within a budget of memory, chosen when a run is planned.</summary>
    Auto,
}
