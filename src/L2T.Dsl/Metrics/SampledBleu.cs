using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Metrics;

/// <summary>
/// A sampled BLEU. The paper's relaxed metric (section 3.2) is the expected one, of translations drawn from the student; how it takes that of BLEU is not known to
/// us, and this way is ours. The value is the mean smoothed BLEU of sentences that are drawn, <see cref="Samples"/> for each of the data, weighted by their lengths; the
/// derivative is that of
/// <code>
/// sum_s (r_s - b_s) log p(y_s) / S,   b_s = the mean r of the other samples of the sentence
/// </code>
/// with the samples y_s, their BLEU r_s and b_s held (the score function, Williams 1992, with the leave-one-out baseline of Kool et al. 2019).
/// </summary>
/// <remarks>
/// Each word is drawn from the student's distribution given the right words before it, as in <see cref="ExpectedBleu"/>; n-grams count wherever they
/// stand, no more often than the reference has them. Value and derivative are unbiased estimates of the expected BLEU of such sentences and of its derivative,
/// which the reverse sweep starts from; so is the teacher's gradient of an episode, which is linear in that start. What is not exact: it is not the
/// BLEU of sentences that are drawn without the right words before, nor that of a whole text; a drawn sentence is as long as its reference, so that there is no
/// brevity penalty; precisions of two words and more have 1 added to both counts (Lin and Och 2004); and updates that clip or scale the gradient are not
/// linear in it. Central differences do not see the derivative, since samples change by leaps. Samples are functions of the experiment's seed, the student, the
/// step and the place among the examples: the same seed, the same bits. Label 0 is padding and does not count; sequences have 4 places or more. Memory is S T^2 for each of the
/// examples that are evaluated at once (<see cref="Training.LossTeacherExperiment.EvaluationBatchSize"/>).
/// </remarks>
[Metric]
public sealed partial class SampledBleu
{
    /// <summary>S, the sentences drawn for each.</summary>
    public const int Samples = 4;

    /// <summary>A scalar between 0 and 1, to maximise.</summary>
    public Tensor Measure([Shape("N", "T", "K")] Tensor logits, [Labels("N", "T")] Tensor labels)
    {
        var words = labels.ne(0).to_type(logits.dtype);
        var logProbabilities = functional.log_softmax(logits, 2);
        var drawn = multinomial(logProbabilities.exp().flatten(0, 1), Samples, true).view(labels.shape[0], labels.shape[1], Samples);
        var logLikelihood = (words.unsqueeze(2) * logProbabilities.gather(2, drawn)).sum(dim: 1);
        var reward = SentenceBleu(drawn.permute(0, 2, 1), labels, words);
        var others = (reward.sum(dim: 1, keepdim: true) - reward) / (Samples - 1);
        var share = words.sum(dim: 1, keepdim: true) / words.sum(dim: []).clamp_min(1) / Samples;
        var score = (share * (reward - others) * logLikelihood).sum(dim: []);
        return (share * reward).sum(dim: []) + (score - score.detach());
    }

    /// <summary>The smoothed BLEU of each sample, [N, S]; of a reference without words 0.</summary>
    /// <param name="drawn">The samples [N, S, T].</param>
    /// <param name="labels">The references [N, T].</param>
    /// <param name="words">1 where a reference has a word, [N, T].</param>
    private static Tensor SentenceBleu(Tensor drawn, Tensor labels, Tensor words)
    {
        // Which n-grams are the same: those of the sample and of the reference, and those of the sample and of itself.
        var places = (words.unsqueeze(2) * words.unsqueeze(1)).unsqueeze(1);
        var right = drawn.unsqueeze(3).eq(labels.unsqueeze(1).unsqueeze(2)).to_type(words.dtype) * places;
        var own = drawn.unsqueeze(3).eq(drawn.unsqueeze(2)).to_type(words.dtype) * places;
        var two = words[.., 1..] * words[.., ..^1];
        var three = two[.., 1..] * words[.., ..^2];
        var four = three[.., 1..] * words[.., ..^3];
        var (rightTwo, ownTwo) = (Longer(right, right), Longer(own, own));
        var (rightThree, ownThree) = (Longer(rightTwo, right[.., .., ..^1, ..^1]), Longer(ownTwo, own[.., .., ..^1, ..^1]));
        var (rightFour, ownFour) = (Longer(rightThree, right[.., .., ..^2, ..^2]), Longer(ownThree, own[.., .., ..^2, ..^2]));
        var first = Clipped(right, own) / words.sum(dim: 1, keepdim: true).clamp_min(1);
        var rest = Smoothed(Clipped(rightTwo, ownTwo), two) * Smoothed(Clipped(rightThree, ownThree), three) * Smoothed(Clipped(rightFour, ownFour), four);
        return (first * rest).pow(0.25);
    }

    // Where n-grams are the same, and the words before them are: n-grams longer by one.
    private static Tensor Longer(Tensor same, Tensor words) => same[.., .., 1.., 1..] * words[.., .., ..^1, ..^1];

    // How many n-grams are right, each as often as the reference has it: of c that are the same in the sample and d in the reference, each counts min(1, d / c).
    private static Tensor Clipped(Tensor right, Tensor own) => (right.sum(dim: 3) / own.sum(dim: 3).clamp_min(1)).clamp_max(1).sum(dim: 2);

    private static Tensor Smoothed(Tensor right, Tensor all) => (right + 1) / (all.sum(dim: 1, keepdim: true) + 1);
}
