using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Metrics;
using Spectre.Console;

namespace L2T.Dsl.Experiments.Sweeps;

/// <summary>A sweep over settings with what has come of it so far: the file <c>sweep.json</c> of its run.</summary>
/// <param name="Loss">The fixed loss that students are trained with; null: a teacher is taught for each trial.</param>
/// <param name="Measured">On which examples errors are counted: <c>held-out</c> where there are any, else <c>dev</c>. Never the test examples.</param>
/// <param name="Measure">What an error is.</param>
/// <param name="Seeds">Students of each trial.</param>
/// <param name="Parallel">Trials at once.</param>
/// <param name="Trials">All trials, in order.</param>
internal sealed record Sweep(string? Loss, string Measured, ErrorMeasure Measure, int Seeds, int Parallel, IReadOnlyList<SweepTrial> Trials)
{
    private const string File = "sweep.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The trials that are done, from the fewest errors on; of equal ones the first.</summary>
    [JsonIgnore]
    public IReadOnlyList<SweepTrial> Ranked => [.. Trials.Where(trial => trial.State == TrialState.Done).OrderBy(trial => trial.Errors.Average())];

    /// <summary>All trials as they are shown: <see cref="Ranked"/>, then those without errors.</summary>
    [JsonIgnore]
    public IEnumerable<SweepTrial> Ordered => Ranked.Concat(Trials.Where(trial => trial.State != TrialState.Done));

    /// <summary>Whether the run is one of a sweep.</summary>
    public static bool IsIn(RunFolder folder) => System.IO.File.Exists(folder[File]);

    /// <summary>The sweep of a run.</summary>
    /// <exception cref="L2TException">Its file cannot be read.</exception>
    public static Sweep Load(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Sweep>(System.IO.File.ReadAllBytes(folder[File]), Json)!;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"The sweep in '{folder[File]}' cannot be read: {e.Message} Mend the file, or start the sweep anew.", e);
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="L2TException">It cannot be written.</exception>
    public void Save(RunFolder folder) => folder.WriteText(File, JsonSerializer.Serialize(this, Json));

    /// <summary>Prints the trials, the best first, those that failed last.</summary>
    public void WriteTable(IAnsiConsole console)
    {
        string[] names = [.. Trials.SelectMany(trial => trial.Settings.Keys).Distinct()];
        var table = new Table().RoundedBorder();
        table.AddColumn(new TableColumn("trial").RightAligned());
        foreach (var name in names)
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        foreach (var title in (string[])[$"{Measured} {Measure.Title()}", "95 % interval", "seconds"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var trial in Ordered)
        {
            var interval = trial.State == TrialState.Done ? SeedStatistics.MeanInterval(trial.Errors) : null;
            table.AddRow(
            [
                trial.Number.ToString(CultureInfo.InvariantCulture),
                .. names.Select(name => Markup.Escape(trial.Settings.GetValueOrDefault(name, ""))),
                interval is null ? trial.State == TrialState.Failed ? "failed" : "" : Measure.Number(interval.Mean),
                interval is null || double.IsNaN(interval.Low) ? "" : $"{Measure.Number(interval.Low)} .. {Measure.Number(interval.High)}",
                trial.State == TrialState.Pending ? "" : trial.Seconds.ToString("F1", CultureInfo.InvariantCulture),
            ]);
        }
        console.Write(table);
        foreach (var trial in Trials.Where(trial => trial.State == TrialState.Failed))
            console.WriteLine($"trial {trial.Number} failed: {trial.Failure}");
    }
}
