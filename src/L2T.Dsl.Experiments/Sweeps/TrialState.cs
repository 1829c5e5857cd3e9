namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>How far a trial of a sweep has come.</summary>
internal enum TrialState
{
    /// <summary>It is still to be run.</summary>
    Pending,

    /// <summary>It has its result.</summary>
    Done,

    /// <summary>Its training failed, and would again.</summary>
    Failed,
}
