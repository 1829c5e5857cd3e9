using System.Globalization;
using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

public sealed class TeachingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_tensor_of_the_teacher_moves_within_two_episodes()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), Episodes = 2, SeesTrainLoss = true };
        var start = experiment.InitialTeacher();

        var teacher = experiment.Teach();

        foreach (var slot in start.Layout)
            Assert.DoesNotContain(0, start[slot.Name].ToArray().Zip(teacher.Parameters[slot.Name].ToArray(), (a, b) => a - b));
    }

    [Fact]
    public void Teaching_raises_the_metric()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), FixedStart = true, Episodes = 30, TeacherLearningRate = 0.05 };

        var history = experiment.Teach().History;

        var (first, last) = (history.Take(5).Average(record => record.Metric), history.TakeLast(5).Average(record => record.Metric));
        Assert.True(last > first + 0.01, $"from {first} to {last}");
    }

    [Theory]
    [InlineData("plain", ScalarType.Float64)]
    [InlineData("momentum", ScalarType.Float32)]
    [InlineData("AdamW, warm-up, cosine, average", ScalarType.Float32)]
    [InlineData("Nesterov, decay, clipping, average", ScalarType.Float32)]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others(string optimizer, ScalarType dtype)
    {
        var data = EagerExperiment.Split(heldOut: 12);
        LearnedTeacher Teach(int seed) => new EagerExperiment
        {
            Data = data,
            Optimizer = OptimizerCases.Get(optimizer).Options,
            Schedule = OptimizerCases.Get(optimizer).Schedule,
            DType = dtype,
            Seed = seed,
            SplitPerEpisode = true,
            MetricExamples = 9,
        }.Teach();

        var first = Teach(1);
        var again = Teach(1);
        var other = Teach(2);

        AssertSame(first, again);
        Assert.NotEqual(first.Parameters, other.Parameters);
        Assert.NotEqual(first.History[0].Metric, other.History[0].Metric);
    }

    [Fact]
    public void Episodes_differ_in_their_start_unless_it_is_fixed()
    {
        Assert.NotEqual(Starts(fixedStart: false)[0], Starts(fixedStart: false)[1]);
        Assert.Equal(Starts(fixedStart: true)[0], Starts(fixedStart: true)[1]);

        static double[] Starts(bool fixedStart) =>
        [
            .. Enumerable.Range(0, 2).Select(episode =>
            {
                using var recording = new Recording();
                var experiment = new EagerExperiment { Data = EagerExperiment.Split(), FixedStart = fixedStart, Recording = recording };
                experiment.Differentiate(experiment.InitialTeacher(), episode);
                return recording.Start![0].item<double>();
            }),
        ];
    }

    [Fact]
    public void A_split_per_episode_trains_on_development_examples_and_never_on_others()
    {
        var split = EagerExperiment.Split(heldOut: 10);
        var known = Rows(split.Train.Inputs).Concat(Rows(split.Dev.Inputs)).ToHashSet();
        var dev = Rows(split.Dev.Inputs).ToHashSet();

        var fixedSplit = Seen(false);
        var drawn = Seen(true);

        Assert.DoesNotContain(fixedSplit, dev.Contains);
        Assert.Contains(drawn, dev.Contains);
        Assert.All(drawn, row => Assert.Contains(row, known));

        List<double> Seen(bool splitPerEpisode)
        {
            using var recording = new Recording();
            var experiment = new EagerExperiment { Data = split, SplitPerEpisode = splitPerEpisode, Recording = recording };
            experiment.Differentiate(experiment.InitialTeacher(), 0);
            Assert.Empty(Rows(recording.Judges[0].X).Intersect(recording.Batches.SelectMany(batch => Rows(batch.X))));
            return [.. recording.Batches.SelectMany(batch => Rows(batch.X))];
        }

        // The first input of each example, which no two examples share.
        static IEnumerable<double> Rows(Tensor inputs) => inputs.data<double>().ToArray().Chunk(EagerExperiment.Inputs).Select(row => row[0]);
    }

    [Fact]
    public void An_interrupted_teaching_goes_on_to_the_same_bits()
    {
        var data = EagerExperiment.Split(heldOut: 12);
        var whole = Experiment(episodes: 7, _folder["whole"]).Teach();

        // Everywhere, so also before and after the best episode.
        for (var pause = 1; pause < 7; pause++)
        {
            Experiment(pause, _folder["parts"]).Teach();
            var resumed = Experiment(episodes: 7, _folder["parts"]).Resume(_folder["parts"]);

            AssertSame(whole, resumed);
            AssertSame(whole, LearnedTeacher.Load(_folder["parts"]));
        }
        Assert.NotEqual(whole.Parameters, new EagerExperiment { Data = new DataSplit(data.Train, data.Dev, data.Test), Episodes = 7 }.Teach().Parameters);

        EagerExperiment Experiment(int episodes, string path) => new()
        {
            Data = data,
            Episodes = episodes,
            HeldOutWindow = 2,
            CheckpointPath = path,
            CheckpointInterval = 2,
        };
    }

    [Fact]
    public void Cancelling_keeps_every_finished_episode_and_goes_on_from_there()
    {
        using var source = new CancellationTokenSource();
        var data = EagerExperiment.Split();
        var experiment = new EagerExperiment { Data = data, Episodes = 5, CheckpointPath = _folder["teacher"] };

        var fault = Assert.Throws<TeachingCanceledException>(() => experiment.Teach(
            new Reports<TeachingProgress>(progress =>
            {
                if (progress.Record.Episode == 2)
                    source.Cancel();
            }),
            source.Token));

        Assert.Equal(3, fault.Learned.Episodes);
        Assert.Equal(source.Token, fault.CancellationToken);
        AssertSame(fault.Learned, LearnedTeacher.Load(_folder["teacher"]));
        AssertSame(new EagerExperiment { Data = data, Episodes = 5 }.Teach(), experiment.Resume(fault.Learned));
    }

    [Fact]
    public void Other_settings_or_data_are_not_a_continuation()
    {
        var data = EagerExperiment.Split();
        var teacher = new EagerExperiment { Data = data, Episodes = 1 }.Teach();

        var settings = Assert.Throws<L2TException>(() => new EagerExperiment { Data = data, BatchSize = 4, Optimizer = new SgdOptions { Momentum = 0.5 } }.Resume(teacher));
        Assert.Contains("BatchSize was 5 and is 4", settings.Message);
        Assert.Contains("Optimizer was SgdOptions { AverageDecay = , ClipNorm = Infinity, Dampening = 0, DecoupledWeightDecay = False, Momentum = 0, ", settings.Message);
        Assert.Contains("Momentum = 0.5, ", settings.Message);
        var others = Assert.Throws<L2TException>(() => new EagerExperiment { Data = EagerExperiment.Split(dev: 18) }.Resume(teacher));
        Assert.Contains("Data.Dev", others.Message);
        Assert.DoesNotContain("Data.Train", others.Message);
        var schedule = Assert.Throws<L2TException>(() => new EagerExperiment { Data = data, Schedule = new FactorSchedule(step => 1.0 / (1 + step)) }.Resume(teacher));
        Assert.Contains("Schedule had other factors", schedule.Message);
        var steps = Assert.Throws<L2TException>(() => new EagerExperiment { Data = data, Steps = 7 }.Resume(teacher));
        Assert.Contains("Steps was 6 and is 7", steps.Message);
        Assert.DoesNotContain("Schedule", steps.Message);
    }

    [Fact]
    public void A_teacher_that_was_taught_for_as_long_comes_back_as_it_is()
    {
        var data = EagerExperiment.Split();
        var teacher = new EagerExperiment { Data = data, Episodes = 3 }.Teach();

        AssertSame(teacher, new EagerExperiment { Data = data, Episodes = 2 }.Resume(teacher));
    }

    [Fact]
    public void Other_code_is_not_a_continuation()
    {
        var data = EagerExperiment.Split();
        var teacher = new EagerExperiment { Data = data, Episodes = 1 }.Teach();

        Assert.Contains("the code of 'Loss' was another", Refused(new() { ["Loss"] = "2" }));
        Assert.Contains("'Block' was not part of it", Refused(new() { ["Loss"] = "1", ["Block"] = "1" }));
        Assert.Contains("'Loss' was part of it", Refused([]));

        string Refused(Dictionary<string, string> modules) =>
            Assert.Throws<L2TException>(() => new EagerExperiment { Data = data, Modules = modules }.Resume(teacher)).Message;
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_step_and_coefficients_and_keeps_the_teacher()
    {
        // The third training step of the second episode.
        var steps = 0;
        var experiment = new EagerExperiment
        {
            Data = EagerExperiment.Split(),
            CheckpointPath = _folder["teacher"],
            BeforeStep = () => steps++,
            Loss = (w, phi, x, y) =>
            {
                var judged = EagerFunctions.TaughtLoss(w, phi, x, y);
                return steps == 6 + 3 ? judged with { Value = judged.Value * double.NaN } : judged;
            },
        };

        var fault = Assert.Throws<NonFiniteException>(() => experiment.Teach());

        Assert.Equal((1, 2), (fault.Episode, fault.Step));
        Assert.Contains("NaN at step 2 of episode 1", fault.Message);
        Assert.Contains("Lower TeacherLearningRate", fault.Message);
        Assert.Matches(@"A in \[-?\d.*\], B in \[", fault.Message);
        Assert.Equal(1, fault.Learned!.Episodes);
        AssertSame(new EagerExperiment { Data = experiment.Data, Episodes = 1 }.Teach(), fault.Learned);
        AssertSame(fault.Learned, LearnedTeacher.Load(_folder["teacher"]));
    }

    [Fact]
    public void A_failure_in_the_first_episode_leaves_an_earlier_file_alone()
    {
        var data = EagerExperiment.Split();
        var good = new EagerExperiment { Data = data, CheckpointPath = _folder["teacher"] }.Teach();

        var fault = Assert.Throws<NonFiniteException>(() => new EagerExperiment
        {
            Data = data,
            CheckpointPath = _folder["teacher"],
            LearningRate = 1e300,
            GradientScale = 1e300,
        }.Teach());

        Assert.Contains("Lower LearningRate", fault.Message);

        AssertSame(good, LearnedTeacher.Load(_folder["teacher"]));
    }

    [Fact]
    public void A_feature_that_is_not_finite_is_named()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), Features = features => features[2] = float.NaN };

        Assert.Contains("feature 2", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void The_best_teacher_by_held_out_error_is_returned_and_patience_ends_teaching()
    {
        var data = EagerExperiment.Split(heldOut: 30);
        var experiment = new EagerExperiment { Data = data, Episodes = 200, HeldOutWindow = 3, Patience = 6, TeacherLearningRate = 0.1 };

        var teacher = experiment.Teach();

        var means = Enumerable.Range(2, teacher.Episodes - 2)
            .Select(last => (Episode: last, Error: teacher.History.Skip(last - 2).Take(3).Average(record => record.HeldOutError!.Value)))
            .ToList();
        var best = means.MinBy(mean => mean.Error).Episode;
        Assert.InRange(teacher.Episodes, 9, 199);
        Assert.Equal(best + 6, teacher.Episodes - 1);
        // The teacher of that episode is the one that all episodes before it made.
        var unjudged = new DataSplit(data.Train, data.Dev, data.Test);
        var before = new EagerExperiment { Data = unjudged, Episodes = best, TeacherLearningRate = 0.1 }.Teach();
        Assert.Equal(before.Parameters, teacher.Parameters);
    }

    [Fact]
    public void A_long_gradient_is_shortened()
    {
        // Adam's step does not see the length of the first gradient, but that of the second beside it.
        var data = EagerExperiment.Split();
        var norm = new EagerExperiment { Data = data, Episodes = 1 }.Teach().History[0].GradientNorm;

        var free = new EagerExperiment { Data = data, Episodes = 3 }.Teach();
        var loose = new EagerExperiment { Data = data, Episodes = 3, TeacherGradientClip = 1e6 }.Teach();
        var tight = new EagerExperiment { Data = data, Episodes = 3, TeacherGradientClip = norm / 2 }.Teach();

        Assert.Equal(free.Parameters, loose.Parameters);
        Assert.NotEqual(free.Parameters, tight.Parameters);
        Assert.Equal(norm, tight.History[0].GradientNorm);
    }

    [Fact]
    public void Decay_keeps_the_coefficients_near_their_start()
    {
        var data = EagerExperiment.Split();

        var free = Spread(0);
        var tied = Spread(100);

        Assert.True(tied < free / 2, $"{tied} against {free}");

        double Spread(double decay)
        {
            var experiment = new EagerExperiment { Data = data, Episodes = 20, TeacherLearningRate = 0.1, CoefficientDecay = decay };
            var range = experiment.Teach().History[^1].Coefficients.Single(range => range.Name == "B");
            return Math.Max(Math.Log(3) - range.Min, range.Max - Math.Log(3));
        }
    }

    [Fact]
    public void The_number_of_live_tensors_is_the_same_at_every_step_and_every_episode()
    {
        var perStep = new List<long>();
        var perEpisode = new List<long>();
        var data = EagerExperiment.Split(heldOut: 12);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        var experiment = new EagerExperiment
        {
            Data = data,
            Optimizer = new SgdOptions { Momentum = 0.9 },
            CoefficientDecay = 0.1,
            EvaluationBatchSize = 5,
            SplitPerEpisode = true,
            BeforeStep = () => perStep.Add(Tensor.TotalCount),
        };

        experiment.Teach(new Reports<TeachingProgress>(_ => perEpisode.Add(Tensor.TotalCount)));

        Assert.Equal(24, perStep.Count);
        // Kernels for the metric are made when it is first needed, at the end of the first episode.
        Assert.Single(perStep.Take(6).Distinct());
        Assert.Single(perStep.Skip(6).Distinct());
        Assert.Single(perEpisode.Distinct());
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_teacher_is_gone_on_with_in_any_culture_but_not_with_other_elements_of_a_setting()
    {
        var data = EagerExperiment.Split();
        EagerExperiment With(params double[] shifts) => new() { Data = data, Episodes = 1, Augmentation = new Shifts(shifts) { Strength = 0.25 } };
        var (before, comma) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        comma.NumberFormat.NumberDecimalSeparator = ",";
        LearnedTeacher teacher;
        try
        {
            CultureInfo.CurrentCulture = comma;
            teacher = With(0.5, 1).Teach();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(teacher.Parameters, With(0.5, 1).Resume(teacher).Parameters);
        Assert.Contains("Augmentation", Assert.Throws<L2TException>(() => With(0.5, 2).Resume(teacher)).Message);
    }

    [Fact]
    public void Memory_does_not_grow_over_fifty_episodes()
    {
        var inUse = new List<long>();
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), Episodes = 60 };

        experiment.Teach(new Reports<TeachingProgress>(_ =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            inUse.Add(NativeHeap.BytesInUse);
        }));

        // A leak of 4 KiB a step would be 240 KiB in ten episodes.
        Assert.InRange(NativeHeap.SteadyGrowth(inUse), long.MinValue, 1 << 17);
    }

    [Fact]
    public void What_the_caller_owns_survives()
    {
        var data = EagerExperiment.Split(heldOut: 12);
        var before = data.Train.Inputs.clone();

        using (NewDisposeScope())
            new EagerExperiment { Data = data, Episodes = 1 }.Teach();

        Assert.True(before.Equals(data.Train.Inputs));
        Assert.False(data.Dev.Labels.IsInvalid || data.Test.Inputs.IsInvalid || data.HeldOut!.Inputs.IsInvalid);
    }

    [Fact]
    public void Progress_tells_of_every_episode()
    {
        var seen = new List<TeachingProgress>();

        var teacher = new EagerExperiment { Data = EagerExperiment.Split() }.Teach(new Reports<TeachingProgress>(seen.Add));

        Assert.Equal(teacher.History, seen.Select(progress => progress.Record));
        Assert.All(seen, progress => Assert.Equal(4, progress.Episodes));
        Assert.Equal([0, 1, 2, 3], teacher.History.Select(record => record.Episode));
    }

    private sealed record Shifts(IReadOnlyList<double> Values) : Augmentation
    {
        public double Strength { get; init; }

        public override void Apply(Tensor inputs, ulong seed)
        {
            using Scalar shift = Strength * Values[(int)(seed % (ulong)Values.Count)];
            inputs.add_(shift);
        }
    }

    private static void AssertSame(LearnedTeacher expected, LearnedTeacher actual)
    {
        Assert.Equal(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.Settings, actual.Settings);
        Assert.Equal(expected.Episodes, actual.Episodes);
        foreach (var (first, second) in expected.History.Zip(actual.History))
        {
            Assert.Equal(first with { Coefficients = [] }, second with { Coefficients = [] });
            Assert.Equal(first.Coefficients, second.Coefficients);
        }
    }
}
