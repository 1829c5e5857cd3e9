namespace L2T.Dsl.Translation.Decoding;

/// <summary>How <see cref="Decoder.Beam"/> searches.</summary>
/// <param name="Width">Hypotheses that are followed at a time, and returned.</param>
/// <param name="LengthPenalty">
/// The exponent alpha of the length penalty ((5 + length) / 6)^alpha, by which a log-probability is divided (Wu et al. 2016, equation 14, without
/// the penalty of coverage); the length includes <see cref="Subwords.SubwordVocabulary.Eos"/>. 0 prefers short translations, 1 long ones.
/// </param>
/// <param name="MaxTokens">The most tokens of a translation: one that has so many is ended, at the price of its end.</param>
public sealed record BeamOptions(int Width = 5, double LengthPenalty = 0.6, int MaxTokens = 100)
{
    private const double Offset = 5;

    /// <summary>The score of a translation.</summary>
    internal double Score(double logProbability, int length) => logProbability / Math.Pow((Offset + length) / (Offset + 1), LengthPenalty);

    internal void Check()
    {
        if (Width < 1 || MaxTokens < 1 || !double.IsFinite(LengthPenalty) || LengthPenalty < 0)
        {
            throw new L2TException($"A beam of width {Width}, length penalty {LengthPenalty} and {MaxTokens} tokens. Use a width and tokens of at least 1, and a penalty "
                + "of at least 0.");
        }
    }
}
