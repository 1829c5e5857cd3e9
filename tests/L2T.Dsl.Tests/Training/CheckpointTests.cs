using L2T.Dsl.Data;
using L2T.Dsl.Hypergradients;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>What is left of a process that was killed, and what the next one makes of it.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly DataSplit Data = EagerExperiment.Split(heldOut: 12);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_teacher_before_the_last_is_kept_and_taken_where_the_last_is_cut()
    {
        var path = _folder["teacher"];
        var whole = Experiment(5, null).Teach();
        Experiment(3, path).TeachOrResume();
        Assert.Equal(["teacher", "teacher.previous"], _folder.Files.Order());
        Assert.Equal(2, LearnedTeacher.Load(path + ".previous").Episodes);

        // At each place where a process can have been killed: in the middle of the new file, and between the two renames.
        var content = File.ReadAllBytes(path);
        for (var length = 0; length < content.Length; length += content.Length / 7)
        {
            File.WriteAllBytes(path, content[..length]);
            File.WriteAllBytes(path + ".tmp", content[..(content.Length / 2)]);
            AssertGoesOn();
        }
        File.Delete(path);
        AssertGoesOn();

        void AssertGoesOn()
        {
            var previous = File.ReadAllBytes(path + ".previous");
            var learned = Experiment(5, path).TeachOrResume();
            Assert.Equal(whole.Parameters, learned.Parameters);
            Assert.Equal(whole.History.Select(record => record.Metric), learned.History.Select(record => record.Metric));
            Assert.Equal(["teacher", "teacher.previous"], _folder.Files.Order());
            File.WriteAllBytes(path + ".previous", previous);
        }

        static EagerExperiment Experiment(int episodes, string? path) => new()
        {
            Data = Data, Episodes = episodes, CheckpointPath = path, CheckpointInterval = 1, HeldOutWindow = 2,
        };
    }

    [Fact]
    public void Without_a_checkpoint_a_teacher_is_taught_anew_and_two_damaged_ones_are_named()
    {
        Assert.Contains("CheckpointPath", Assert.Throws<L2TException>(() => new EagerExperiment { Data = Data }.TeachOrResume()).Message);
        var experiment = new EagerExperiment { Data = Data, Episodes = 2, CheckpointPath = _folder["teacher"] };

        Assert.Equal(2, experiment.TeachOrResume().Episodes);

        File.WriteAllBytes(_folder["teacher"], [1]);
        File.WriteAllBytes(_folder["teacher.previous"], [2]);
        Assert.Contains(_folder["teacher"] + " is", Assert.Throws<L2TException>(() => experiment.TeachOrResume()).Message);
    }

    [Theory]
    [InlineData("plain", ScalarType.Float32)]
    [InlineData("Nesterov, decay, clipping, average", ScalarType.Float32)]
    [InlineData("AdamW, warm-up, cosine, average", ScalarType.Float64)]
    public void A_students_training_goes_on_from_every_checkpoint_to_the_same_bits(string optimizer, ScalarType dtype)
    {
        var experiment = Experiment(optimizer, dtype);
        var teacher = experiment.Teach();
        var whole = experiment.Train(teacher, 3);
        foreach (var stop in Enumerable.Range(1, 20))
        {
            var path = _folder[$"student {stop}"];
            Assert.Throws<OperationCanceledException>(() => Experiment(optimizer, dtype, stop).Train(teacher, 3, checkpointPath: path));

            var first = -1;
            var student = experiment.Train(teacher, 3, progress: new Reports<TrainingPoint>(point => first = first < 0 ? point.Step : first), checkpointPath: path);

            // Saved before steps 4, 8, 12 and so on: each second refresh.
            Assert.Equal((stop - 1) / 4 * 4, first);
            AssertSame(whole, student);
        }

        static EagerExperiment Experiment(string optimizer, ScalarType dtype, int stopAt = int.MaxValue)
        {
            var (steps, chosen) = (0, OptimizerCases.Get(optimizer));
            return new EagerExperiment
            {
                Data = Data,
                Steps = 20,
                Episodes = 1,
                DType = dtype,
                LearningRate = chosen.Rate,
                Optimizer = chosen.Options,
                Schedule = chosen.Schedule,
                SeesTrainLoss = true,
                CheckpointSteps = 3,
                WarmStartSteps = 2,
                BeforeStep = stopAt == int.MaxValue ? null : () =>
                {
                    if (++steps == stopAt)
                        throw new OperationCanceledException();
                },
            };
        }
    }

    [Fact]
    public void A_finished_students_checkpoint_gives_it_back_and_a_damaged_one_the_one_before()
    {
        var experiment = new EagerExperiment { Data = Data, Steps = 8, CheckpointSteps = 1 };
        var whole = experiment.Train("sigmoid", 1);
        var path = _folder["student"];
        experiment.Train("sigmoid", 1, checkpointPath: path);
        Assert.Equal(["student", "student.previous"], _folder.Files.Order());

        AssertSame(whole, experiment.Train("sigmoid", 1, checkpointPath: path));
        var content = File.ReadAllBytes(path);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(path, content);
        AssertSame(whole, experiment.Train("sigmoid", 1, checkpointPath: path));
    }

    [Fact]
    public void The_checkpoint_of_another_training_is_refused()
    {
        var experiment = new EagerExperiment { Data = Data };
        var path = _folder["student"];
        experiment.Train("sigmoid", 1, checkpointPath: path);

        AssertRefused("Train.Seed was 1 and is 2", () => experiment.Train("sigmoid", 2, checkpointPath: path));
        AssertRefused("Train.LearningRate", () => experiment.Train("sigmoid", 1, 0.1, checkpointPath: path));
        AssertRefused("Train.Loss was sigmoid", () => experiment.Train("cross-entropy", 1, checkpointPath: path));
        AssertRefused("BatchSize was 5", () => new EagerExperiment { Data = Data, BatchSize = 4 }.Train("sigmoid", 1, checkpointPath: path));
        AssertRefused("Train.Teacher was none", () => experiment.Train(experiment.Teach(), 1, checkpointPath: path));
        var reversal = new EagerExperiment { Data = Data, Policy = new ReversalTrajectory(), Optimizer = new SgdOptions { Momentum = 0.9 } };
        AssertRefused("exact reversal", () => reversal.Train("sigmoid", 1, checkpointPath: _folder["other"]));

        static void AssertRefused(string message, Action train) => Assert.Contains(message, Assert.Throws<L2TException>(train).Message);
    }

    private static void AssertSame(TrainedStudent expected, TrainedStudent actual)
    {
        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(expected.Curve, actual.Curve);
        Assert.Equal(expected.Coefficients, actual.Coefficients);
        Assert.Equal(expected.DevError, actual.DevError);
    }
}
