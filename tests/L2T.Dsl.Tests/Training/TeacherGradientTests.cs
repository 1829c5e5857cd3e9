using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>The gradient through a whole training, against two independent computations of it.</summary>
public sealed class TeacherGradientTests
{
    private const int Episode = 3;

    private static readonly DataSplit Data = EagerExperiment.Split();

    public static TheoryData<string, bool, double> Variants
    {
        get
        {
            var variants = new TheoryData<string, bool, double>();
            foreach (var name in OptimizerCases.Names)
            {
                variants.Add(name, false, 0);
                variants.Add(name, true, 0.3);
            }
            return variants;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Agrees_with_central_differences_of_the_whole_episode(string optimizer, bool allVariants, double decay)
    {
        var experiment = Experiment(optimizer, allVariants, decay, seesTrainLoss: false, null);
        var judged = Experiment(optimizer, allVariants, decay, seesTrainLoss: false, null, ObjectiveOnly.Trajectory);
        var teacher = experiment.InitialTeacher();

        var gradient = experiment.Differentiate(teacher, Episode).Gradient.Values.ToArray();

        const double h = 1e-5;
        var scale = gradient.Max(Math.Abs);
        for (var i = 0; i < gradient.Length; i++)
        {
            var up = judged.Differentiate(Moved(teacher, i, h), Episode).Objective;
            var down = judged.Differentiate(Moved(teacher, i, -h), Episode).Objective;
            Assert.InRange(gradient[i] - (up - down) / (2 * h), -1e-6 * scale, 1e-6 * scale);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Agrees_with_autograd_through_the_unrolled_episode(string optimizer, bool allVariants, double decay)
    {
        using var recording = new Recording();
        var experiment = Experiment(optimizer, allVariants, decay, seesTrainLoss: true, recording);
        var teacher = experiment.InitialTeacher();

        var actual = experiment.Differentiate(teacher, Episode);

        var (objective, gradient) = Unroll(experiment, teacher, recording);
        var scale = gradient.Max(Math.Abs);
        Assert.Equal(objective, actual.Objective, 1e-12);
        Assert.All(actual.Gradient.Values.ToArray().Zip(gradient), pair =>
            Assert.InRange(pair.First - pair.Second, -1e-10 * scale, 1e-10 * scale));
        Assert.True(scale > 1e-3);
    }

    [Fact]
    public void Is_zero_for_a_student_that_does_not_learn()
    {
        var experiment = new EagerExperiment { Data = Data, LearningRate = 0 };

        var gradient = experiment.Differentiate(experiment.InitialTeacher(), Episode).Gradient;

        Assert.All(gradient.Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Comes_from_the_states_of_the_way_forward()
    {
        using var recording = new Recording();
        var experiment = Experiment("plain", false, 0, seesTrainLoss: true, recording);

        experiment.Differentiate(experiment.InitialTeacher(), Episode);

        var forward = recording.States.Take(experiment.Steps).ToList();
        var back = recording.States.Skip(experiment.Steps).Reverse().ToList();
        Assert.Equal(experiment.Steps, back.Count);
        Assert.All(forward.Zip(back), pair => Assert.True(pair.First.Equals(pair.Second)));
        Assert.False(forward[0].Equals(forward[1]));
    }

    // Every setting that changes the gradient is at a value that shows.
    private static EagerExperiment Experiment(
        string optimizer, bool allVariants, double decay, bool seesTrainLoss, Recording? recording, ITrajectoryPolicy? policy = null)
    {
        var chosen = OptimizerCases.Get(optimizer, allVariants ? 0.4 : 0.15);
        return new EagerExperiment
        {
            Data = Data,
            LearningRate = 0.7 * chosen.Rate,
            Schedule = chosen.Schedule,
            Optimizer = chosen.Options,
            CoefficientDecay = decay,
            SeesTrainLoss = seesTrainLoss,
            Recording = recording,
            Policy = policy ?? new KeepAllTrajectory(),
            GradientScale = allVariants ? 2.5 : 1,
            EvaluationBatchSize = allVariants ? 5 : 1000,
            MetricExamples = allVariants ? 12 : null,
            SplitPerEpisode = allVariants,
            WarmStartSteps = allVariants ? 3 : 0,
        };
    }

    private static ParameterSet Moved(ParameterSet teacher, int index, double by)
    {
        var values = teacher.Values.ToArray();
        values[index] += by;
        return new ParameterSet(teacher.Layout, values);
    }

    private static (double Objective, double[] Gradient) Unroll(EagerExperiment experiment, ParameterSet teacher, Recording recording)
    {
        using var scope = NewDisposeScope();
        var students = EagerFunctions.Student(EagerExperiment.Classes, EagerExperiment.Inputs);
        var coefficients = EagerFunctions.Coefficients(EagerExperiment.Classes);
        var theta = tensor(teacher.Values.ToArray(), float64).requires_grad_();
        using var anchorBlock = new TensorBlock(coefficients, float64, CPU);
        using var generator = new Generator(0);
        anchorBlock.Initialise(generator);

        var memory = EagerFunctions.Split(theta, teacher.Layout);
        var w = recording.Start!.clone().requires_grad_();
        var optimizer = new UnrolledOptimizer(experiment.Optimizer, experiment.GradientScale);
        var penalty = zeros([], float64);
        for (var step = 0; step < experiment.Steps; step++)
        {
            var (x, y) = recording.Batches[step];
            var phi = EagerFunctions.Teach(memory, recording.States[step]);
            penalty += experiment.CoefficientDecay / (2 * experiment.Steps) * (phi - anchorBlock.Flat).pow(2).sum(dim: []);
            var loss = EagerFunctions.TaughtLoss(EagerFunctions.Split(w, students), EagerFunctions.Split(phi, coefficients), x, y).Value;
            var gradient = Autograd.Gradients(loss, [w], createGraph: true)[0];
            w = optimizer.Step(w, gradient, step, tensor(experiment.LearningRate * experiment.Schedule.Factor(step, experiment.Steps), float64));
        }
        if (double.IsFinite(experiment.Optimizer.ClipNorm))
        {
            var (norms, limit) = (optimizer.Norms, experiment.Optimizer.ClipNorm);
            Assert.True(norms.Min() < limit && limit < norms.Max(), string.Join(" ", norms));
        }

        var weights = EagerFunctions.Split(optimizer.Average ?? w, students);
        var inputs = cat([.. recording.Judges.Select(judge => judge.X)]);
        var labels = cat([.. recording.Judges.Select(judge => judge.Y)]);
        var objective = EagerFunctions.Metric(weights, [], inputs, labels).Value - penalty;
        var result = Autograd.Gradients(objective, [theta])[0];
        return (objective.item<double>(), result.data<double>().ToArray());
    }
}
