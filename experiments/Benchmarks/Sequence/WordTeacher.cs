using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;

namespace L2T.Experiments.Benchmarks.Sequence;

/// <summary>The least teacher that the loss of words can have; the benchmark calls the students' kernels alone.</summary>
[Teacher(typeof(DiagonalTokenLoss), Slots = 1)]
public sealed partial class WordTeacher
{
    [StateFeature]
    private static float Progress(in StudentState student) => (float)student.Step / student.TotalSteps;
}
