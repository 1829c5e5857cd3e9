using L2T.Dsl;
using L2T.Dsl.Training;

namespace L2T.Experiments.SineRegression;

/// <summary>Learns one loss for the whole training, whatever the state: its memory of one slot is the coefficients.</summary>
[Teacher(typeof(LearnedLoss), Slots = 1)]
public sealed partial class LossTeacher
{
    [StateFeature]
    private static float Constant(in StudentState student) => 1;
}
