namespace L2T.Dsl.Translation.Scoring;

/// <summary>How sentences are cut into the words whose n-grams are counted.</summary>
public enum BleuTokenization
{
    /// <summary>As mteval-v13a does, the default of sacreBLEU: for sentences as they are written, comparable between systems.</summary>
    Mteval13a,

    /// <summary>At spaces: for sentences that are cut into words already, as those of IWSLT-14 in the usual preparation.</summary>
    Spaces,
}
