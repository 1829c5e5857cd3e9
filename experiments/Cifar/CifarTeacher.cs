using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;

namespace L2T.Experiments.Cifar;

/// <summary>
/// Sets W and b of the bilinear loss at every step: the paper's attention over ten slots. The scales make the slots differ in time from
/// the start.
/// </summary>
[Teacher(typeof(BilinearLoss), Slots = 10)]
public sealed partial class CifarTeacher
{
    [StateFeature]
    private static float Constant(in StudentState student) => 3;

    [StateFeature]
    private static float Progress(in StudentState student) => 20f * student.Step / student.TotalSteps - 10;

    [StateFeature]
    private static float DevAccuracy(in StudentState student) => 10 * student.DevAccuracy;
}
