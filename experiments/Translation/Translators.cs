using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using L2T.Dsl.Translation.Batching;

namespace L2T.Experiments.Translation;

/// <summary>The experiments, by the names of their students.</summary>
internal static class Translators
{
    /// <summary>The heads of the Transformer's attention.</summary>
    public const int Heads = 4;

    // Gradients of recurrent networks are clipped at this norm as a rule (Sutskever et al. 2014 clip at 5).
    private const double ClipNorm = 1;

    // Where second moments are nearly 0 the adjoint of Adam divides by this.
    private const double Epsilon = 1e-5;

    /// <summary>An experiment of the student that the settings name, in these buckets, of which the last is the shape of the data.</summary>
    public static LossTeacherExperiment Create(
        TranslationSettings settings, TranslationData data, IReadOnlyList<LengthBucket> buckets, int steps, double learningRate, int? stateInterval = null)
    {
        var words = data.Vocabulary.Size;
        var optimizer = new AdamOptions { ClipNorm = ClipNorm, Epsilon = Epsilon };
        return settings.Student == "transformer"
            ? new TransformerExperiment
            {
                Student = Transformer(settings.SourceLength, settings.TargetLength),
                Data = data.Split,
                Steps = steps,
                LearningRate = learningRate,
                BatchSize = buckets[^1].BatchSize,
                Buckets = Cut(Transformer),
                Optimizer = optimizer,
                StateInterval = stateInterval ?? Math.Max(1, steps / 10),
                Episodes = settings.Episodes,
                TeacherLearningRate = settings.TeacherRate,
                TeacherGradientClip = 1,
                EvaluationBatchSize = 100,
            }
            : new LstmExperiment
            {
                Student = Lstm(settings.SourceLength, settings.TargetLength),
                Data = data.Split,
                Steps = steps,
                LearningRate = learningRate,
                BatchSize = buckets[^1].BatchSize,
                Buckets = Cut(Lstm),
                Optimizer = optimizer,
                StateInterval = stateInterval ?? Math.Max(1, steps / 10),
                Episodes = settings.Episodes,
                TeacherLearningRate = settings.TeacherRate,
                TeacherGradientClip = 1,
                EvaluationBatchSize = 100,
            };

        TransformerTranslator Transformer(int sourceLength, int targetLength) =>
            new(words, words, sourceLength, targetLength, Heads, settings.Width / Heads, 4 * settings.Width, layers: 2);

        LstmTranslator Lstm(int sourceLength, int targetLength) =>
            new(words, words, sourceLength, targetLength, settings.Width, layers: settings.Student == "lstm-1" ? 1 : 2);

        Bucket[] Cut(Func<int, int, ITensorModule> student) =>
            [.. buckets.SkipLast(1).Select(bucket => bucket.Of(student(bucket.SourceLength, bucket.TargetLength), settings.SourceLength))];
    }
}
