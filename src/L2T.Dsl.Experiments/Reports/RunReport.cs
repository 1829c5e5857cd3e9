using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Experiments.Sweeps;
using L2T.Dsl.Metrics;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>
/// The report of a run: <c>report.html</c>, one file without references to anything else, and <c>report.json</c>, the figures that it shows. They
/// are rounded and thinned: a report is to be looked at, and stays below 5 MB; the exact figures lie beside it.
/// </summary>
internal static class RunReport
{
    /// <summary>The file of the figures.</summary>
    public const string File = "report.json";

    // Some 8 bytes each in the file.
    private const int MaximumValues = 200_000;
    private const int MaximumElements = 20_000;
    private const int MaximumSnapshots = 250;
    private const int MaximumPoints = 1000;

    /// <summary>Writes the report.</summary>
    /// <exception cref="L2TException">It cannot be written.</exception>
    public static void Write(
        RunFolder folder,
        string title,
        IReadOnlyDictionary<string, string> settings,
        LossTeacherExperiment experiment,
        LearnedTeacher? teacher,
        IReadOnlyList<TrainedStudent> students,
        Comparison? comparison = null)
    {
        // Fixed losses may have coefficients too; nobody spoke when they were trained with.
        var taught = students.FirstOrDefault(student => student.Coefficients.Count > 0 && student.Loss == LossTeacherExperiment.TaughtLossName)
            ?? students.FirstOrDefault(student => student.Coefficients.Count > 0);
        Write(folder, new ReportData(
            title,
            settings,
            experiment.Data.Train.HasClasses,
            teacher is null ? null : [.. Figures.Thinned(teacher.History, MaximumPoints).Select(Episode)],
            [.. students.Select(Student)],
            taught is null ? null : Taught(experiment, teacher, taught.Coefficients),
            students.Count == 0 || !experiment.Data.Dev.HasClasses ? null : new ConfusionData(students[0].Loss, Confusion(experiment, students[0], experiment.Data.Dev)),
            comparison?.Rows.Select(Row).ToList()));
    }

    /// <summary>Writes the report of a sweep.</summary>
    /// <exception cref="L2TException">It cannot be written.</exception>
    public static void Write(RunFolder folder, string title, IReadOnlyDictionary<string, string> settings, Sweep sweep) =>
        Write(folder, new ReportData(
            title, settings, sweep.Measure == ErrorMeasure.ErrorRate, null, [], null, null, null, new SweepData(sweep.Loss, sweep.Measured, [.. sweep.Ordered.Select(Trial)])));

    /// <summary>Writes the report again from the figures that were kept.</summary>
    /// <returns>False where there are none.</returns>
    /// <exception cref="L2TException">They are damaged, or the report cannot be written.</exception>
    public static bool WriteAgain(RunFolder folder)
    {
        if (!System.IO.File.Exists(folder[File]))
            return false;
        Write(folder, Read(folder));
        return true;
    }

    /// <summary>The figures of a run that has a report.</summary>
    /// <exception cref="L2TException">They cannot be read.</exception>
    public static ReportData Read(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ReportData>(System.IO.File.ReadAllBytes(folder[File]), ReportPage.Json)
                ?? throw new JsonException("It holds null.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"The figures '{folder[File]}' cannot be read: {e.Message} Delete the file, then write the report again with 'report'.", e);
        }
    }

    /// <summary>An episode's figures.</summary>
    public static EpisodeData Episode(EpisodeRecord record) => new(
        record.Episode,
        Figures.Rounded(record.Metric),
        Figures.Rounded(record.DevError),
        Figures.Rounded(record.HeldOutError),
        Figures.Rounded(record.TrainLoss),
        Figures.Rounded(record.GradientNorm));

    /// <summary>A student's figures.</summary>
    public static StudentData Student(TrainedStudent student) => new(
        student.Loss,
        student.Seed,
        Figures.Rounded(student.DevError),
        [
            .. Figures.Thinned(student.Curve, MaximumPoints).Select(point => new PointData(
                point.Step, Figures.Rounded(point.TrainLoss), Figures.Rounded(point.TrainAccuracy), Figures.Rounded(point.DevError))),
        ]);

    private static void Write(RunFolder folder, ReportData data)
    {
        folder.WriteText(File, JsonSerializer.Serialize(data, ReportPage.Json));
        folder.WriteText("report.html", ReportPage.Of(data));
    }

    private static TaughtData Taught(LossTeacherExperiment experiment, LearnedTeacher? teacher, IReadOnlyList<CoefficientSnapshot> all)
    {
        var layout = all[0].Values.Layout;
        var shown = layout.Where(slot => slot.Count <= MaximumElements).ToList();
        var elements = shown.Sum(slot => slot.Count) + all[0].State.Count;
        var snapshots = Figures.Thinned(all, (int)Math.Min(MaximumSnapshots, MaximumValues / Math.Max(elements, 1)));
        // Attention is that of this teacher or of none: a file from before has no states to ask it with.
        var attention = teacher is null ? null : snapshots.Select(snapshot => SlotAttention.Of(teacher.Parameters, layout, snapshot.State)).ToList();
        var hasStates = all[0].State.Count > 0;
        return new TaughtData(
            [.. snapshots.Select(snapshot => snapshot.Step)],
            all.Count,
            [
                .. shown.Select(slot => new CoefficientData(
                    slot.Name, slot.Shape.Length == 0 ? 1 : slot.Shape[^1], [.. snapshots.Select(snapshot => Figures.Rounded(snapshot.Values[slot.Name]))])),
            ],
            [.. layout.Except(shown).Select(slot => slot.ToString())],
            attention is null || attention.Contains(null) ? null : [.. attention.Select(weights => Figures.Rounded(weights))],
            hasStates ? StateFeatureNames.Of(experiment) : null,
            hasStates ? [.. snapshots.Select(snapshot => Figures.Rounded(snapshot.State.ToArray()))] : null);
    }

    private static TrialData Trial(SweepTrial trial)
    {
        var interval = trial.State == TrialState.Done ? SeedStatistics.MeanInterval(trial.Errors) : null;
        return new TrialData(
            trial.Number,
            trial.Settings,
            trial.State.ToString().ToLowerInvariant(),
            Figures.Rounded(interval?.Mean),
            Figures.Rounded(interval?.Low),
            Figures.Rounded(interval?.High),
            trial.Seconds,
            trial.Failure);
    }

    private static ComparisonData Row(ComparisonRow row) => new(
        row.Loss,
        row.Seeds,
        Figures.Rounded(row.DevError.Mean),
        Figures.Rounded(row.TestError.Mean),
        Figures.Rounded(row.TestError.Low),
        Figures.Rounded(row.TestError.High),
        row.PValue,
        row.RankPValue,
        Figures.Rounded(row.EffectSize));

    // Row: the class; column: the answer.
    private static int[][] Confusion(LossTeacherExperiment experiment, TrainedStudent student, LabelledData examples)
    {
        using var logits = experiment.Predict(student, examples.Inputs);
        using var answers = logits.argmax(-1).cpu();
        using var labels = examples.Labels.cpu();
        var counts = Enumerable.Range(0, examples.Classes).Select(_ => new int[examples.Classes]).ToArray();
        foreach (var (label, answer) in labels.data<long>().Zip(answers.data<long>()))
            counts[label][answer]++;
        return counts;
    }
}
