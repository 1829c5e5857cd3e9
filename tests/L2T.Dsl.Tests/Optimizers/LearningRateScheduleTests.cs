using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Optimizers;

/// <summary>The schedules, against PyTorch's schedulers where there are such.</summary>
public sealed class LearningRateScheduleTests
{
    private const int Steps = 30;

    private static readonly Dictionary<string, (LearningRateSchedule Schedule, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> PyTorchs)> Schedules = new()
    {
        ["constant"] = (LearningRateSchedule.Constant, o => optim.lr_scheduler.LambdaLR(o, _ => 1)),
        ["linear"] = (LearningRateSchedule.Linear(), o => optim.lr_scheduler.LinearLR(o, 1, 0, Steps)),
        ["linear, not to 0"] = (LearningRateSchedule.Linear(0.2), o => optim.lr_scheduler.LinearLR(o, 1, 0.2, Steps)),
        ["cosine"] = (LearningRateSchedule.Cosine(0.1), o => optim.lr_scheduler.CosineAnnealingLR(o, Steps, 0.1)),
        ["steps"] = (LearningRateSchedule.Step(7, 0.5), o => optim.lr_scheduler.StepLR(o, 7, 0.5)),
        ["milestones"] = (LearningRateSchedule.Milestones(0.2, 3, 4, 20), o => optim.lr_scheduler.MultiStepLR(o, [3, 4, 20], 0.2)),
        ["warm-up"] = (LearningRateSchedule.Constant.AfterWarmUp(6), o => optim.lr_scheduler.LinearLR(o, 1.0 / 3, 1, 6)),
        // The Transformer's, whose factor is 1 at the end of the warm-up here.
        ["warm-up, inverse square root"] = (LearningRateSchedule.InverseSquareRoot(5).AfterWarmUp(5, 0), o =>
            optim.lr_scheduler.LambdaLR(o, step => Math.Sqrt(5) * Math.Min(step == 0 ? 0 : 1 / Math.Sqrt(step), step * Math.Pow(5, -1.5)))),
        ["own"] = (new FactorSchedule(step => 1.0 / (1 + step)), o => optim.lr_scheduler.LambdaLR(o, step => 1.0 / (1 + step))),
    };

    public static TheoryData<string> Names => [.. Schedules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Factors_are_PyTorchs(string name)
    {
        var (schedule, pyTorchs) = Schedules[name];
        using var scope = NewDisposeScope();
        var optimizer = optim.SGD([new TorchSharp.Modules.Parameter(zeros(1))], 1);
        var scheduler = pyTorchs(optimizer);
        for (var step = 0; step < Steps; step++)
        {
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, schedule.Factor(step, Steps), 1e-12);
            optimizer.step();
            scheduler.step();
        }
    }

    public static TheoryData<LearningRateSchedule, string> Texts => new()
    {
        { LearningRateSchedule.Constant, "constant" },
        { LearningRateSchedule.Linear(), "linear" },
        { LearningRateSchedule.Linear(1.0 / 3), "linear:0.3333333333333333" },
        { LearningRateSchedule.Cosine(), "cosine" },
        { LearningRateSchedule.Cosine(1e-20), "cosine:1E-20" },
        { LearningRateSchedule.Step(7), "step:7:0.1" },
        { LearningRateSchedule.Milestones(0.2, 3, 4, 20), "milestones:0.2:3:4:20" },
        { LearningRateSchedule.InverseSquareRoot(5), "inverse-square-root:5" },
        { LearningRateSchedule.Cosine(0.1).AfterWarmUp(6), "warm-up:6:0.3333333333333333:cosine:0.1" },
        { LearningRateSchedule.Linear().AfterWarmUp(6, 0).AfterWarmUp(3, 0.5), "warm-up:3:0.5:warm-up:6:0:linear" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_text_of_a_schedule_is_read_back_as_the_same(LearningRateSchedule schedule, string text)
    {
        Assert.Equal(text, schedule.ToString());
        var read = LearningRateSchedule.Parse(text);

        Assert.Equal(text, read.ToString());
        Assert.All(Enumerable.Range(0, Steps), step => Assert.Equal(schedule.Factor(step, Steps), read.Factor(step, Steps)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("linnear")]
    [InlineData("linear:")]
    [InlineData("linear:a")]
    [InlineData("linear:0.1:0.2")]
    [InlineData("step")]
    [InlineData("step:1.5")]
    [InlineData("milestones")]
    [InlineData("warm-up:5:0.3")]
    [InlineData("warm-up:5:0.3:warm-up")]
    public void A_text_that_says_no_schedule_is_refused(string text) =>
        Assert.Contains("is no schedule. It must be constant, linear[:END]", Assert.Throws<L2TException>(() => LearningRateSchedule.Parse(text)).Message);

    [Fact]
    public void A_text_with_arguments_out_of_range_is_refused_as_they_are() =>
        Assert.Contains("end of a schedule is -1", Assert.Throws<L2TException>(() => LearningRateSchedule.Parse("warm-up:3:0.2:linear:-1")).Message);

    [Fact]
    public void A_warm_up_leads_to_the_beginning_of_a_schedule_over_the_steps_that_are_left()
    {
        var cosine = LearningRateSchedule.Cosine(0.1);
        var schedule = cosine.AfterWarmUp(10, 0.2);

        Assert.Equal(0.2, schedule.Factor(0, Steps), 1e-15);
        Assert.Equal(0.6, schedule.Factor(5, Steps), 1e-15);
        Assert.All(Enumerable.Range(0, 20), step => Assert.Equal(cosine.Factor(step, 20), schedule.Factor(10 + step, Steps)));
        // A training that ends before the warm-up does.
        Assert.Equal(0.52, schedule.Factor(4, 5), 1e-15);
    }

    public static TheoryData<string, Func<LearningRateSchedule>> Faults => new()
    {
        { "end of a schedule is -1", () => LearningRateSchedule.Linear(-1) },
        { "end of a schedule is NaN", () => LearningRateSchedule.Cosine(double.NaN) },
        { "every of a schedule is 0", () => LearningRateSchedule.Step(0) },
        { "gamma of a schedule is", () => LearningRateSchedule.Step(3, double.PositiveInfinity) },
        { "5, 5. They must rise", () => LearningRateSchedule.Milestones(0.1, 5, 5) },
        { "0, 5. They must rise", () => LearningRateSchedule.Milestones(0.1, 0, 5) },
        { "k of a schedule is 0", () => LearningRateSchedule.InverseSquareRoot(0) },
        { "steps of a schedule is 0", () => LearningRateSchedule.Constant.AfterWarmUp(0) },
        { "start of a schedule is -0.5", () => LearningRateSchedule.Constant.AfterWarmUp(3, -0.5) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Refuses_what_is_no_schedule(string message, Func<LearningRateSchedule> make) =>
        Assert.Contains(message, Assert.Throws<L2TException>(make).Message);
}
