using System.Globalization;

namespace L2T.Dsl.Translation.Scoring;

/// <summary>BLEU and what it is made of.</summary>
/// <param name="Score">BLEU in percent, 0 to 100.</param>
/// <param name="Precisions">The precisions of n-grams of 1, ..., 4 words, in percent, smoothed; 0 of an order that no hypothesis is long enough for.</param>
/// <param name="BrevityPenalty">What shortness costs, a factor in 0..1.</param>
/// <param name="HypothesisLength">The words of all hypotheses.</param>
/// <param name="ReferenceLength">The words of the references, of several the one nearest in length.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, long HypothesisLength, long ReferenceLength)
{
    /// <summary>In the form in which sacreBLEU prints it.</summary>
    public override string ToString()
    {
        var precisions = string.Join('/', Precisions.Select(precision => precision.ToString("F1", CultureInfo.InvariantCulture)));
        var ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        return string.Create(CultureInfo.InvariantCulture,
            $"BLEU = {Score:F2} {precisions} (BP = {BrevityPenalty:F3} ratio = {ratio:F3} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }
}
