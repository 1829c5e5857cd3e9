using System.Reflection;
using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>
/// The report of a run: one HTML file without references to anything else. Its figures are the JSON that it carries, rounded to 5 digits: a
/// report is to be looked at, the exact figures lie beside it.
/// </summary>
internal static class RunReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes <c>report.html</c>.</summary>
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
        var taught = students.FirstOrDefault(student => student.Coefficients.Count > 0);
        var data = new
        {
            title,
            settings,
            hasClasses = experiment.Data.Train.HasClasses,
            episodes = teacher?.History.Select(record => new
            {
                record.Episode,
                metric = Rounded(record.Metric),
                devError = Rounded(record.DevError),
                heldOutError = record.HeldOutError is { } error ? Rounded(error) : null,
                trainLoss = Rounded(record.TrainLoss),
                gradientNorm = Rounded(record.GradientNorm),
            }),
            students = students.Select(student => new
            {
                student.Loss,
                student.Seed,
                curve = student.Curve.Select(point => new
                {
                    point.Step,
                    trainLoss = Rounded(point.TrainLoss),
                    trainAccuracy = point.TrainAccuracy is { } accuracy ? Rounded(accuracy) : null,
                    devError = Rounded(point.DevError),
                }),
            }),
            coefficients = taught is null ? null : Coefficients(taught),
            confusion = students.Count == 0 || !experiment.Data.Dev.HasClasses ? null : new { students[0].Loss, counts = Confusion(experiment, students[0], experiment.Data.Dev) },
            comparison = comparison?.Rows.Select(row => new
            {
                row.Loss,
                row.Seeds,
                dev = Rounded(row.DevError.Mean),
                mean = Rounded(row.TestError.Mean),
                low = Rounded(row.TestError.Low),
                high = Rounded(row.TestError.High),
                t = row.PValue,
                wilcoxon = row.RankPValue,
            }),
        };
        // A '<' in a name would end the script.
        var json = JsonSerializer.Serialize(data, Json).Replace("<", "\\u003c", StringComparison.Ordinal);
        folder.WriteText("report.html", Template().Replace("/*DATA*/null", json, StringComparison.Ordinal));
    }

    private static object Coefficients(TrainedStudent student) => student.Coefficients[0].Values.Layout.Select(slot => new
    {
        slot.Name,
        columns = slot.Shape.Length == 0 ? 1 : slot.Shape[^1],
        snapshots = student.Coefficients.Select(snapshot => new
        {
            snapshot.Step,
            values = snapshot.Values[slot.Name].ToArray().Select(Rounded),
        }),
    });

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

    private static double? Rounded(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) : null;

    private static string Template()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("report.html")!);
        return reader.ReadToEnd();
    }
}
