using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>How a teacher is trained: several students for an update, warm starts, schedules, and one step ahead.</summary>
public sealed class TeacherTrainingTests
{
    private static readonly DataSplit Data = EagerExperiment.Split();

    [Fact]
    public void Several_students_give_the_mean_of_their_gradients()
    {
        var one = new EagerExperiment { Data = Data, MetricExamples = 9, SplitPerEpisode = true };
        var three = new EagerExperiment { Data = Data, MetricExamples = 9, SplitPerEpisode = true, RolloutsPerUpdate = 3 };
        var teacher = one.InitialTeacher();

        var mean = three.Differentiate(teacher, 2);

        var each = Enumerable.Range(6, 3).Select(episode => one.Differentiate(teacher, episode)).ToList();
        Assert.Equal(each.Average(gradient => gradient.Objective), mean.Objective, 1e-14);
        for (var i = 0; i < mean.Gradient.Values.Length; i++)
            Assert.Equal(each.Average(gradient => gradient.Gradient.Values[i]), mean.Gradient.Values[i], 1e-14);
        Assert.Equal(3, each.Select(gradient => gradient.Objective).Distinct().Count());
    }

    [Fact]
    public void The_gradient_of_several_warm_started_students_agrees_with_central_differences()
    {
        var experiment = new EagerExperiment
        {
            Data = Data, RolloutsPerUpdate = 2, WarmStartSteps = 4, FixedStart = true, CoefficientDecay = 0.3, GradientScale = 1.5,
        };
        var teacher = experiment.InitialTeacher();

        var gradient = experiment.Differentiate(teacher, 1).Gradient.Values.ToArray();

        const double h = 1e-5;
        var scale = gradient.Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
        {
            var difference = (experiment.Differentiate(Moved(teacher, i, h), 1).Objective - experiment.Differentiate(Moved(teacher, i, -h), 1).Objective) / (2 * h);
            Assert.InRange(gradient[i] - difference, -1e-6 * scale, 1e-6 * scale);
        }
    }

    [Fact]
    public void A_warm_start_is_training_by_the_fixed_loss_whatever_the_scale_of_the_taught_one()
    {
        var cold = Start(new() { Data = Data });
        var atRest = Start(new() { Data = Data, WarmStartSteps = 5, WarmStartLearningRate = 0 });
        var warm = Start(new() { Data = Data, WarmStartSteps = 5 });
        var scaled = Start(new() { Data = Data, WarmStartSteps = 5, GradientScale = 4 });
        var other = Start(new() { Data = Data, WarmStartSteps = 5, WarmStartLoss = "sigmoid" });

        Assert.Equal(cold, atRest);
        Assert.All(warm.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.True(Loss(warm) < 0.9 * Loss(cold), $"{Loss(cold)} to {Loss(warm)}");
        Assert.NotEqual(warm, other);
    }

    [Fact]
    public void A_fixed_start_is_warmed_up_once_and_the_same_in_every_episode()
    {
        var experiment = new EagerExperiment { Data = Data, WarmStartSteps = 5, FixedStart = true, Episodes = 4 };
        Assert.Equal(StartOf(experiment, 0), StartOf(experiment, 1));

        // The second half begins with a run that knows of no warm start yet.
        var half = new EagerExperiment { Data = Data, WarmStartSteps = 5, FixedStart = true, Episodes = 2 }.Teach();

        Assert.Equal(experiment.Teach().Parameters, experiment.Resume(half).Parameters);
    }

    [Fact]
    public void Another_loss_of_the_warm_start_is_another_teaching()
    {
        var warm = new EagerExperiment { Data = Data, WarmStartSteps = 2, Episodes = 1 }.Teach();
        var cold = new EagerExperiment { Data = Data, Episodes = 1 }.Teach();

        var fault = Assert.Throws<L2TException>(() => new EagerExperiment { Data = Data, WarmStartSteps = 2, CrossEntropyProgram = "2" }.Resume(warm));
        Assert.Contains("the code of 'cross-entropy' was another", fault.Message);
        Assert.Equal(4, new EagerExperiment { Data = Data, CrossEntropyProgram = "2" }.Resume(cold).Episodes);
    }

    [Fact]
    public void A_metric_that_fails_one_step_ahead_is_reported_at_that_step()
    {
        var fault = Assert.Throws<NonFiniteException>(() => new EagerExperiment { Data = Data, LookAhead = true, LearningRate = 1e308, GradientScale = 1e10 }.Teach());

        Assert.Contains("relaxed metric", fault.Message);
        Assert.Equal(0, fault.Step);
    }

    [Fact]
    public void The_teachers_rate_follows_its_schedule()
    {
        var experiment = new EagerExperiment { Data = Data, Episodes = 4, TeacherSchedule = LearningRateSchedule.Milestones(0, 2) };

        var learned = experiment.Teach();

        Assert.Equal([0.02, 0.02, 0, 0], learned.History.Select(record => record.TeacherLearningRate));
        Assert.Equal(new EagerExperiment { Data = Data, Episodes = 2 }.Teach().Parameters, learned.Parameters);
    }

    [Fact]
    public void A_teacher_is_taught_further_where_its_schedule_was_the_same_so_far()
    {
        static EagerExperiment Experiment(int episodes, LearningRateSchedule schedule) => new() { Data = Data, Episodes = episodes, TeacherSchedule = schedule };
        var steps = LearningRateSchedule.Step(1, 0.5);

        Assert.Equal(Experiment(4, steps).Teach().Parameters, Experiment(4, steps).Resume(Experiment(2, steps).Teach()).Parameters);
        var falling = Experiment(2, LearningRateSchedule.Linear()).Teach();
        Assert.Contains("TeacherSchedule", Assert.Throws<L2TException>(() => Experiment(4, LearningRateSchedule.Linear()).Resume(falling)).Message);
        Assert.Contains("TeacherSchedule", Assert.Throws<L2TException>(() => Experiment(2, steps).Resume(falling)).Message);
    }

    [Fact]
    public void A_teacher_starts_where_it_is_told_to()
    {
        var first = new EagerExperiment { Data = Data, Episodes = 2 }.Teach();
        var second = new EagerExperiment { Data = Data, Episodes = 2, TeacherStart = first.Parameters };

        Assert.Equal(first.Parameters, second.InitialTeacher());
        Assert.NotEqual(first.Parameters, second.Teach().Parameters);
        Assert.Contains("TeacherStart", Assert.Throws<L2TException>(() => second.Resume(first)).Message);
    }

    [Theory]
    [InlineData("plain", null)]
    [InlineData("plain", 9)]
    [InlineData("momentum", null)]
    [InlineData("Nesterov", 9)]
    [InlineData("Adam", null)]
    public void A_step_ahead_agrees_with_autograd_through_it(string optimizer, int? judges)
    {
        using var recording = new Recording();
        var chosen = OptimizerCases.Get(optimizer);
        var experiment = new EagerExperiment
        {
            Data = Data,
            Episodes = 1,
            LookAhead = true,
            LearningRate = 0.7 * chosen.Rate,
            Schedule = chosen.Schedule,
            Optimizer = chosen.Options,
            TeacherSchedule = LearningRateSchedule.Linear(),
            MetricExamples = judges,
            SeesTrainLoss = true,
            Recording = recording,
        };
        var start = experiment.InitialTeacher();

        var actual = experiment.Teach().Parameters;

        var expected = TeachAhead(experiment, start, recording);
        Assert.All(actual.Values.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        Assert.Contains(actual.Values.ToArray().Zip(start.Values.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 0.02);
    }

    [Fact]
    public void Teaching_ahead_goes_on_to_the_same_bits()
    {
        static EagerExperiment Experiment(int episodes) => new()
        {
            Data = Data, Episodes = episodes, LookAhead = true, MetricExamples = 7, Optimizer = new SgdOptions { Momentum = 0.9 },
        };

        var whole = Experiment(4).Teach();
        var halves = Experiment(4).Resume(Experiment(2).Teach());

        Assert.Equal(whole.Parameters, halves.Parameters);
        Assert.Equal(whole.History.Select(record => record.Metric), halves.History.Select(record => record.Metric));
        Assert.Contains("look-ahead", Experiment(1).PlanMemory().ToString());
        Assert.Contains("LookAhead", Assert.Throws<L2TException>(() => Experiment(1).Differentiate(whole.Parameters, 0)).Message);
    }

    // Written down from the papers, without the library: the step on trial is thrown away.
    private static double[] TeachAhead(EagerExperiment experiment, ParameterSet start, Recording recording)
    {
        using var scope = NewDisposeScope();
        var students = EagerFunctions.Student(EagerExperiment.Classes, EagerExperiment.Inputs);
        var coefficients = EagerFunctions.Coefficients(EagerExperiment.Classes);
        var theta = tensor(start.Values.ToArray(), float64);
        var (first, second) = (zeros_like(theta), zeros_like(theta));
        var w = recording.Start!.clone();
        // All steps so far, and one more: the optimizer's memory has no copy.
        var past = new List<Tensor>();
        // On trial, in earnest, and for some optimizers on the way back between the two.
        var runs = recording.Batches.Count / experiment.Steps;
        for (var step = 0; step < experiment.Steps; step++)
        {
            var (x, y) = recording.Batches[runs * step];
            var state = recording.States[2 * step];
            var free = theta.detach().requires_grad_();
            var trial = Step(Gradient(w, free, createGraph: true), createGraph: true);
            var (judged, labels) = recording.Judges[step];
            var metric = EagerFunctions.Metric(EagerFunctions.Split(trial, students), [], judged, labels).Value;
            var gradient = Autograd.Gradients(metric, [free])[0].detach();

            first = 0.9 * first + 0.1 * gradient;
            second = 0.999 * second + 0.001 * gradient * gradient;
            var rate = experiment.TeacherLearningRate * (1 - (double)step / experiment.Steps);
            theta = theta + rate / (1 - Math.Pow(0.9, step + 1)) * first / ((second / (1 - Math.Pow(0.999, step + 1))).sqrt() + 1e-8);

            var earnest = Gradient(w, theta, createGraph: false).detach();
            w = Step(earnest, createGraph: false).detach();
            past.Add(earnest);

            Tensor Gradient(Tensor weights, Tensor parameters, bool createGraph)
            {
                var at = weights.detach().requires_grad_();
                var phi = EagerFunctions.Teach(EagerFunctions.Split(parameters, start.Layout), state);
                var loss = EagerFunctions.TaughtLoss(EagerFunctions.Split(at, students), EagerFunctions.Split(phi, coefficients), x, y).Value;
                return Autograd.Gradients(loss, [at], createGraph: createGraph)[0];
            }

            Tensor Step(Tensor last, bool createGraph)
            {
                var optimizer = new UnrolledOptimizer(experiment.Optimizer, experiment.GradientScale);
                var at = recording.Start!.clone();
                for (var i = 0; i <= step; i++)
                {
                    var rateAt = tensor(experiment.LearningRate * experiment.Schedule.Factor(i, experiment.Steps), float64);
                    at = optimizer.Step(at, i == step ? last : past[i], i, rateAt);
                }
                return createGraph ? at : at.detach();
            }
        }
        return theta.data<double>().ToArray();
    }

    private static double[] StartOf(EagerExperiment like, int episode)
    {
        using var recording = new Recording();
        var experiment = new EagerExperiment { Data = Data, WarmStartSteps = like.WarmStartSteps, FixedStart = like.FixedStart, Recording = recording };
        experiment.Differentiate(experiment.InitialTeacher(), episode);
        return recording.Start!.data<double>().ToArray();
    }

    private static double[] Start(EagerExperiment experiment)
    {
        var gradient = experiment.DifferentiateTraining(experiment.InitialTeacher(), 0);
        Assert.NotEqual(0, gradient.Objective);
        using var recording = new Recording();
        var again = new EagerExperiment
        {
            Data = Data,
            WarmStartSteps = experiment.WarmStartSteps,
            WarmStartLoss = experiment.WarmStartLoss,
            WarmStartLearningRate = experiment.WarmStartLearningRate,
            GradientScale = experiment.GradientScale,
            Recording = recording,
        };
        again.Differentiate(again.InitialTeacher(), 0);
        return recording.Start!.data<double>().ToArray();
    }

    private static double Loss(double[] weights)
    {
        using var scope = NewDisposeScope();
        var w = EagerFunctions.Split(tensor(weights, float64), EagerFunctions.Student(EagerExperiment.Classes, EagerExperiment.Inputs));
        return EagerFunctions.CrossEntropy(w, [], Data.Train.Inputs.to(float64), Data.Train.Labels).Value.item<double>();
    }

    private static ParameterSet Moved(ParameterSet teacher, int index, double by)
    {
        var values = teacher.Values.ToArray();
        values[index] += by;
        return new ParameterSet(teacher.Layout, values);
    }
}
