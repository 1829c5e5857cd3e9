using L2T.Dsl.Hypergradients;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Training;

public sealed class SettingsTests
{
    public static TheoryData<string, Func<LossTeacherExperiment>> Faults()
    {
        var data = EagerExperiment.Split();
        return new()
        {
            { "no data", () => new EagerExperiment() },
            { "Steps is 0", () => new EagerExperiment { Data = data, Steps = 0 } },
            { "BatchSize is 0", () => new EagerExperiment { Data = data, BatchSize = 0 } },
            { "larger than the training set of 23", () => new EagerExperiment { Data = data, BatchSize = 24 } },
            { "LearningRate is NaN", () => new EagerExperiment { Data = data, LearningRate = double.NaN } },
            { "LearningRate is -1", () => new EagerExperiment { Data = data, LearningRate = -1 } },
            { "Momentum of the optimizer (SgdOptions) is 1", () => new EagerExperiment { Data = data, Optimizer = new SgdOptions { Momentum = 1 } } },
            { "Optimizer is null", () => new EagerExperiment { Data = data, Optimizer = null! } },
            { "Schedule is null", () => new EagerExperiment { Data = data, Schedule = null! } },
            { "GradientScale is", () => new EagerExperiment { Data = data, GradientScale = double.PositiveInfinity } },
            { "Episodes is 0", () => new EagerExperiment { Data = data, Episodes = 0 } },
            { "TeacherLearningRate is", () => new EagerExperiment { Data = data, TeacherLearningRate = double.NaN } },
            { "TeacherGradientClip is 0", () => new EagerExperiment { Data = data, TeacherGradientClip = 0 } },
            { "CoefficientDecay is -1", () => new EagerExperiment { Data = data, CoefficientDecay = -1 } },
            { "StateInterval is 0", () => new EagerExperiment { Data = data, StateInterval = 0 } },
            { "RunningAverageDecay is 1", () => new EagerExperiment { Data = data, RunningAverageDecay = 1 } },
            { "EvaluationBatchSize is 0", () => new EagerExperiment { Data = data, EvaluationBatchSize = 0 } },
            { "MetricExamples is 18", () => new EagerExperiment { Data = data, MetricExamples = 18 } },
            { "HeldOutWindow is 0", () => new EagerExperiment { Data = data, HeldOutWindow = 0 } },
            { "Patience is 0", () => new EagerExperiment { Data = data, Patience = 0 } },
            { "Patience needs held-out", () => new EagerExperiment { Data = data, Patience = 3 } },
            { "CheckpointInterval is 0", () => new EagerExperiment { Data = data, CheckpointInterval = 0 } },
            { "CheckpointSteps is 0", () => new EagerExperiment { Data = data, CheckpointSteps = 0 } },
            { "TeacherSchedule is null", () => new EagerExperiment { Data = data, TeacherSchedule = null! } },
            { "RolloutsPerUpdate is 0", () => new EagerExperiment { Data = data, RolloutsPerUpdate = 0 } },
            { "but RolloutsPerUpdate is 2", () => new EagerExperiment { Data = data, LookAhead = true, RolloutsPerUpdate = 2 } },
            { "Leave AverageDecay", () => new EagerExperiment { Data = data, LookAhead = true, Optimizer = new SgdOptions { AverageDecay = 0.9 } } },
            { "exact reversal", () => new EagerExperiment { Data = data, LookAhead = true, Policy = new ReversalTrajectory(), Optimizer = new SgdOptions { Momentum = 0.9 } } },
            { "WarmStartSteps is -1", () => new EagerExperiment { Data = data, WarmStartSteps = -1 } },
            { "WarmStartLearningRate is", () => new EagerExperiment { Data = data, WarmStartSteps = 1, WarmStartLearningRate = double.NaN } },
            { "no fixed loss 'none'", () => new EagerExperiment { Data = data, WarmStartSteps = 1, WarmStartLoss = "none" } },
            { "GradientScale is 0", () => new EagerExperiment { Data = data, WarmStartSteps = 1, GradientScale = 0 } },
            { "not for [Attention", () => new EagerExperiment { Data = data, TeacherStart = new([], []) } },
            { "Float16", () => new EagerExperiment { Data = data, DType = TorchSharp.torch.ScalarType.Float16 } },
            { "GiB of memory", () => new EagerExperiment { Data = data, Steps = int.MaxValue } },
        };
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_setting_out_of_range_is_named_before_anything_is_done(string message, Func<LossTeacherExperiment> make)
    {
        var live = TorchSharp.torch.Tensor.TotalCount;

        Assert.Contains(message, Assert.Throws<L2TException>(() => make().Teach()).Message);

        Assert.InRange(TorchSharp.torch.Tensor.TotalCount, 0, live);
    }
}
