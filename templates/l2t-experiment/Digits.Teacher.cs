using L2T.Dsl;
using L2T.Dsl.Training;

namespace L2T_Experiment;

/// <summary>
/// The teacher: the loss's coefficients are a mixture of ten slots, with weights softmax(V s) of the student's state s, which these features
/// are. They are numbers of any scale; large ones make the slots differ over time from the start.
/// </summary>
[Teacher(typeof(DigitsLoss), Slots = 10)]
public sealed partial class DigitsTeacher
{
    [StateFeature]
    private static float Constant(in StudentState student) => 3;

    [StateFeature]
    private static float Progress(in StudentState student) => 20f * student.Step / student.TotalSteps - 10;

    [StateFeature]
    private static float DevAccuracy(in StudentState student) => 10 * student.DevAccuracy;
}
