using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;

namespace L2T.Experiments.Translation;

/// <summary>
/// Sets the diagonal of W and b of the paper's loss for each word of the vocabulary, at every step. The scales make the slots differ in time
/// from the start.
/// </summary>
[Teacher(typeof(DiagonalTokenLoss), Slots = 6)]
public sealed partial class TranslationTeacher
{
    [StateFeature]
    private static float Constant(in StudentState student) => 3;

    [StateFeature]
    private static float Progress(in StudentState student) => 20f * student.Step / student.TotalSteps - 10;

    [StateFeature]
    private static float DevAccuracy(in StudentState student) => 10 * student.DevAccuracy;
}
