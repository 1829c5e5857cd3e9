namespace L2T.Dsl.Translation.Scoring;

/// <summary>What stands in for the precision of an order of which no n-gram is right.</summary>
public enum BleuSmoothing
{
    /// <summary>
    /// A half of an n-gram, for the next such order a quarter, and so on (method 3 of Chen and Cherry 2014; mteval-v13a's, and sacreBLEU's default).
    /// </summary>
    Exponential,

    /// <summary>Zero, and with it the score.</summary>
    None,
}
