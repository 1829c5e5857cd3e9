using L2T.Dsl.Training;
using L2T.Dsl.Translation.Decoding;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Experiments.Translation;

/// <summary>A trained translator of the library, as decoding sees it. It says all places of a translation at once, of which the next is taken.</summary>
/// <param name="experiment">The experiment that the student is of.</param>
/// <param name="student">The student.</param>
/// <param name="tensors">How sentences become its inputs.</param>
internal sealed class StudentTranslator(LossTeacherExperiment experiment, TrainedStudent student, SentenceTensors tensors) : INextToken
{
    /// <summary>The translations of sentences that are short enough.</summary>
    public IReadOnlyList<string> Translate(IReadOnlyList<string> sentences, SubwordVocabulary vocabulary, int beam)
    {
        var tokens = tensors.TargetLength - 1;
        var translator = new Translator(this, vocabulary) { Beam = beam == 1 ? null : new BeamOptions(beam, MaxTokens: tokens), MaxTokens = tokens };
        return translator.Translate(sentences);
    }

    /// <inheritdoc/>
    public Tensor LogProbabilities(Tensor source, Tensor prefixes)
    {
        using var scope = NewDisposeScope();
        var (sentences, given) = (source.shape[0], prefixes.shape[1]);
        var inputs = zeros(sentences, tensors.SourceLength + tensors.TargetLength, dtype: ScalarType.Int64);
        inputs.narrow(1, 0, source.shape[1]).copy_(source);
        inputs.narrow(1, tensors.SourceLength, given).copy_(prefixes);
        var logits = experiment.Predict(student, inputs).select(1, given - 1);
        return nn.functional.log_softmax(logits, 1).MoveToOuterDisposeScope();
    }
}
