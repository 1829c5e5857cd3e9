using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Dsl.Training;

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

    /// <summary>An experiment of the student that the settings name.</summary>
    public static LossTeacherExperiment Create(TranslationSettings settings, TranslationData data, int steps, double learningRate)
    {
        var words = data.Vocabulary.Size;
        var optimizer = new AdamOptions { ClipNorm = ClipNorm, Epsilon = Epsilon };
        return settings.Student == "transformer"
            ? new TransformerExperiment
            {
                Student = new TransformerTranslator(
                    words, words, settings.SourceLength, settings.TargetLength, Heads, settings.Width / Heads, 4 * settings.Width, layers: 2),
                Data = data.Split,
                Steps = steps,
                LearningRate = learningRate,
                BatchSize = settings.Batch,
                Optimizer = optimizer,
                StateInterval = Math.Max(1, steps / 10),
                Episodes = settings.Episodes,
                TeacherLearningRate = settings.TeacherRate,
                TeacherGradientClip = 1,
                EvaluationBatchSize = 100,
            }
            : new LstmExperiment
            {
                Student = new LstmTranslator(
                    words, words, settings.SourceLength, settings.TargetLength, settings.Width, layers: settings.Student == "lstm-1" ? 1 : 2),
                Data = data.Split,
                Steps = steps,
                LearningRate = learningRate,
                BatchSize = settings.Batch,
                Optimizer = optimizer,
                StateInterval = Math.Max(1, steps / 10),
                Episodes = settings.Episodes,
                TeacherLearningRate = settings.TeacherRate,
                TeacherGradientClip = 1,
                EvaluationBatchSize = 100,
            };
    }
}
