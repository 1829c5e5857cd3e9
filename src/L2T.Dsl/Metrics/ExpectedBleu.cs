using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// A relaxed BLEU (Papineni et al. 2002), for the metric of the paper's translation, whose own relaxation is not known to us: the geometric mean
/// over n = 1, ..., 4 of how many n-grams of a batch a student is expected to get right that draws each word from its own distribution, given
/// the right words before it, as a share of all. n-grams count at their own places alone, so that lengths agree and there is no brevity
/// penalty. Label 0 is padding and does not count; sequences have 4 places or more.
/// </summary>
[Metric]
public sealed partial class ExpectedBleu
{
    // A batch without words, or without n-grams.
    private const double Least = 1e-12;

    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var right = words * functional.softmax(logits, 2).gather(2, labels.unsqueeze(2)).squeeze(2);
        var (two, twoRight) = (words[.., 1..] * words[.., ..^1], right[.., 1..] * right[.., ..^1]);
        var (three, threeRight) = (two[.., 1..] * words[.., ..^2], twoRight[.., 1..] * right[.., ..^2]);
        var (four, fourRight) = (three[.., 1..] * words[.., ..^3], threeRight[.., 1..] * right[.., ..^3]);
        return ((Share(right, words) + Share(twoRight, two) + Share(threeRight, three) + Share(fourRight, four)) / 4).exp();
    }

    private static Tensor Share(Tensor right, Tensor all) => ((right.sum(dim: []) + Least) / (all.sum(dim: []) + Least)).log();
}
