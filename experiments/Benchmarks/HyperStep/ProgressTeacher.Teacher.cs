using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>The least teacher that the bilinear loss can have; the benchmark calls the student's kernels alone.</summary>
[Teacher(typeof(BilinearLoss), Slots = 1)]
public sealed partial class ProgressTeacher
{
    [StateFeature]
    private static float Progress(in StudentState student) => (float)student.Step / student.TotalSteps;
}
