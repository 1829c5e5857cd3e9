using L2T.Dsl.Blocks;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;
using TaughtLosses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Experiments.Tests.Exports;

[Student]
public sealed partial class DeeperStudent
{
    private readonly Linear _hidden = new(4, 8);
    private readonly Linear _output = new(8, 3);

    public Tensor Forward([Shape("N", 4)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}

/// <summary>Another name than the teacher that is transferred; slots and features are its.</summary>
[Teacher(typeof(BilinearLoss), Slots = 2)]
public sealed partial class SameTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

[Teacher(typeof(BilinearLoss), Slots = 2)]
public sealed partial class OtherFeatureTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => s.DevAccuracy;
}

[Teacher(typeof(BilinearLoss), Slots = 3)]
public sealed partial class MoreSlotsTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

/// <summary>As the bilinear loss, but for a factor.</summary>
[LossForm]
public sealed partial class OtherForm(int classes)
{
    [Coefficient("classes", "classes", Init = Init.Identity)]
    public partial Tensor W { get; }

    [Coefficient("classes")]
    public partial Tensor B { get; }

    public Tensor Loss([Shape("N", "classes")] Tensor logits, [Labels("N")] Tensor labels)
    {
        var z = 2 * (W.index_select(0, labels) * functional.log_softmax(logits, 1)).sum(1) + B.index_select(0, labels);
        return classes * -z.sigmoid().mean();
    }
}

[Teacher(typeof(OtherForm), Slots = 2)]
public sealed partial class OtherFormTeacher
{
    [StateFeature]
    private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
}

[Experiment(typeof(DeeperStudent), typeof(SameTeacher), Baselines = [typeof(DotsTaughtLoss0), typeof(DotsTaughtLoss1)])]
public sealed partial class DeeperExperiment;

[Experiment(typeof(DotsStudent), typeof(OtherFeatureTeacher))]
public sealed partial class OtherFeatureExperiment;

[Experiment(typeof(DotsStudent), typeof(MoreSlotsTeacher))]
public sealed partial class MoreSlotsExperiment;

[Experiment(typeof(DotsStudent), typeof(OtherFormTeacher))]
public sealed partial class OtherFormExperiment;
