using System.Buffers.Binary;
using System.Security.Cryptography;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// The settings that decide the numbers of a teaching, by name, so that one with other settings is not taken for its continuation. The
/// number of episodes is not one of them: a teacher may be taught for longer.
/// </summary>
internal static class TeachingSettings
{
    private const string ProgramOf = "Program.";
    private const string Schedule = nameof(LossTeacherExperiment.Schedule);

    public static IReadOnlyDictionary<string, string> Of(LossTeacherExperiment experiment)
    {
        var data = experiment.Data;
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Experiment"] = experiment.GetType().FullName!,
            ["StudentLayout"] = string.Join("; ", experiment.StudentLayout),
            ["CoefficientLayout"] = string.Join("; ", experiment.CoefficientLayout),
            ["TeacherLayout"] = string.Join("; ", experiment.TeacherLayout),
            ["StateSize"] = InvariantText.Of(experiment.StateSize),
            ["Trajectory"] = experiment.Trajectory.Arithmetic ?? "exact",
            ["DType"] = experiment.DType.ToString(),
            ["Device"] = experiment.Device.type.ToString(),
            [nameof(experiment.Steps)] = InvariantText.Of(experiment.Steps),
            [nameof(experiment.BatchSize)] = InvariantText.Of(experiment.BatchSize),
            [nameof(experiment.Buckets)] = experiment.Buckets.Count == 0 ? "none" : string.Join("; ", experiment.Buckets.Select(bucket => bucket.Text)),
            [nameof(experiment.Augmentation)] = experiment.Augmentation is { } augmentation ? InvariantText.Of(augmentation) : "none",
            [nameof(experiment.LearningRate)] = InvariantText.Of(experiment.LearningRate),
            [Schedule] = Fingerprint(experiment.Schedule, experiment.Steps),
            [nameof(experiment.Optimizer)] = OptionsText(experiment.Optimizer),
            [nameof(experiment.GradientScale)] = InvariantText.Of(experiment.GradientScale),
            [nameof(experiment.TeacherLearningRate)] = InvariantText.Of(experiment.TeacherLearningRate),
            // Its factors are compared with those of the episodes that were taught.
            [nameof(experiment.TeacherSchedule)] = experiment.TeacherSchedule.GetType().Name,
            [nameof(experiment.TeacherStart)] = experiment.TeacherStart is { } start ? Fingerprint(start.Values) : "random",
            [nameof(experiment.RolloutsPerUpdate)] = InvariantText.Of(experiment.RolloutsPerUpdate),
            [nameof(experiment.LookAhead)] = experiment.LookAhead.ToString(),
            [nameof(experiment.WarmStartSteps)] = InvariantText.Of(experiment.WarmStartSteps),
            [nameof(experiment.WarmStartLoss)] = experiment.WarmStartSteps == 0 ? "none" : experiment.WarmStartLoss!,
            [nameof(experiment.WarmStartLearningRate)] = experiment.WarmStartLearningRate is { } rate ? InvariantText.Of(rate) : nameof(experiment.LearningRate),
            [nameof(experiment.TeacherGradientClip)] = InvariantText.Of(experiment.TeacherGradientClip),
            [nameof(experiment.CoefficientDecay)] = InvariantText.Of(experiment.CoefficientDecay),
            [nameof(experiment.StateInterval)] = InvariantText.Of(experiment.StateInterval),
            [nameof(experiment.RunningAverageDecay)] = InvariantText.Of(experiment.RunningAverageDecay),
            [nameof(experiment.EvaluationBatchSize)] = InvariantText.Of(experiment.EvaluationBatchSize),
            [nameof(experiment.MetricExamples)] = experiment.MetricExamples is { } judges ? InvariantText.Of(judges) : "all",
            [nameof(experiment.FixedStart)] = experiment.FixedStart.ToString(),
            [nameof(experiment.SplitPerEpisode)] = experiment.SplitPerEpisode.ToString(),
            [nameof(experiment.HeldOutWindow)] = InvariantText.Of(experiment.HeldOutWindow),
            [nameof(experiment.Seed)] = InvariantText.Of(experiment.Seed),
            [nameof(experiment.Tasks)] = experiment.Tasks is { } tasks ? InvariantText.Of(tasks) : "none",
            ["Data.Train"] = data.Train.Fingerprint(),
            ["Data.Dev"] = data.Dev.Fingerprint(),
            ["Data.HeldOut"] = data.HeldOut?.Fingerprint() ?? "none",
        };
        if (experiment.WarmStartSteps > 0 && experiment.FixedLoss(experiment.WarmStartLoss).Program is { } warmStart)
            settings[ProgramOf + experiment.WarmStartLoss] = warmStart;
        foreach (var (module, digest) in experiment.Programs)
            settings[ProgramOf + module] = digest;
        return settings;
    }

    public static void RequireSame(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now)
    {
        var differences = Differences(then, now);
        if (differences.Count > 0)
        {
            throw new L2TException($"The teacher was taught with other settings: {string.Join("; ", differences)}. "
                + "Go on with the same ones, or teach a new teacher.");
        }
    }

    // What only teaching reads: a teacher that no longer changes does the same whatever they are.
    private static readonly HashSet<string> OfTeachingAlone =
    [
        "Trajectory",
        nameof(LossTeacherExperiment.TeacherLearningRate),
        nameof(LossTeacherExperiment.TeacherSchedule),
        nameof(LossTeacherExperiment.TeacherStart),
        nameof(LossTeacherExperiment.RolloutsPerUpdate),
        nameof(LossTeacherExperiment.LookAhead),
        nameof(LossTeacherExperiment.TeacherGradientClip),
        nameof(LossTeacherExperiment.CoefficientDecay),
        nameof(LossTeacherExperiment.EvaluationBatchSize),
        nameof(LossTeacherExperiment.MetricExamples),
        nameof(LossTeacherExperiment.FixedStart),
        nameof(LossTeacherExperiment.SplitPerEpisode),
        nameof(LossTeacherExperiment.HeldOutWindow),
        nameof(LossTeacherExperiment.Seed),
        nameof(LossTeacherExperiment.Tasks),
        "Data.HeldOut",
    ];

    /// <summary>In what, in words, the training of students here differs from those that a teacher was taught on.</summary>
    /// <param name="then">The settings of the teaching.</param>
    /// <param name="now">Those of the experiment.</param>
    /// <param name="tunesRate">Whether students have a learning rate that is chosen for them.</param>
    public static IReadOnlyList<string> DifferencesForStudents(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now, bool tunesRate)
    {
        return Differences(Without(then), Without(now));

        IReadOnlyDictionary<string, string> Without(IReadOnlyDictionary<string, string> settings) => settings
            .Where(setting => !OfTeachingAlone.Contains(setting.Key) && !(tunesRate && setting.Key == nameof(LossTeacherExperiment.LearningRate)))
            .ToDictionary();
    }

    /// <summary>What is not the same, in words.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now)
    {
        var names = then.Keys.Where(name => name.StartsWith(ProgramOf, StringComparison.Ordinal)).Union(now.Keys);
        return
        [
            .. names
                .Where(name => then.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                // Over other steps any schedule has other factors.
                .Where(name => name != Schedule || then.GetValueOrDefault(nameof(LossTeacherExperiment.Steps)) == now[nameof(LossTeacherExperiment.Steps)])
                .Select(name => Describe(name, then.GetValueOrDefault(name), now.GetValueOrDefault(name))),
        ];
    }

    /// <summary>The settings of a student's training, by name.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="seed">The student's seed.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="teacher">The teacher's parameters, where one teaches.</param>
    public static IReadOnlyDictionary<string, string> OfStudent(
        LossTeacherExperiment experiment, string loss, int seed, double learningRate, ParameterSet? teacher)
    {
        var settings = new SortedDictionary<string, string>(new Dictionary<string, string>(Of(experiment)), StringComparer.Ordinal)
        {
            ["Train.Loss"] = loss,
            ["Train.Seed"] = InvariantText.Of(seed),
            ["Train.LearningRate"] = InvariantText.Of(learningRate),
            ["Train.Teacher"] = teacher is null ? "none" : Fingerprint(teacher.Values),
        };
        if (teacher is null && experiment.FixedLoss(loss).Program is { } program)
            settings[ProgramOf + loss] = program;
        return settings;
    }

    private static string Describe(string name, string? then, string? now)
    {
        if (name == Schedule)
            return "Schedule had other factors";
        if (!name.StartsWith(ProgramOf, StringComparison.Ordinal))
            return $"{name} was {then ?? "not recorded"} and is {now}";
        var module = name[ProgramOf.Length..];
        return then is null ? $"'{module}' was not part of it" : now is null ? $"'{module}' was part of it" : $"the code of '{module}' was another";
    }

    // The factors themselves: a schedule of one's own need not have a name that says all of it.
    private static string Fingerprint(LearningRateSchedule schedule, int steps)
    {
        var factors = new double[steps];
        for (var step = 0; step < steps; step++)
            factors[step] = schedule.Factor(step, steps);
        return $"{schedule.GetType().Name} {Fingerprint(factors)}";
    }

    private static string Fingerprint(ReadOnlySpan<double> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(double)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(number, value);
            hash.AppendData(number);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    // By reflection, so that no option can be forgotten, an optimizer of one's own included.
    private static string OptionsText(OptimizerOptions options)
    {
        var values = options.GetType().GetProperties()
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{property.Name} = {InvariantText.Of(property.GetValue(options))}");
        return $"{options.GetType().Name} {{ {string.Join(", ", values)} }}";
    }
}
