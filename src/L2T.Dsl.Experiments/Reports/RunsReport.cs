using System.Text;
using System.Text.Json;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>
/// The report across runs: which settings differ, how teachings and trainings went, every comparison. A run that is unfinished or damaged is
/// listed as such and hides none of the others.
/// </summary>
internal static class RunsReport
{
    /// <summary>Writes <c>report.html</c> in <paramref name="target"/>.</summary>
    /// <param name="folders">The folders of the runs.</param>
    /// <param name="target">Where to.</param>
    /// <returns>The file.</returns>
    /// <exception cref="L2TException">There is no run, or the report cannot be written.</exception>
    public static string Write(IReadOnlyList<string> folders, string target)
    {
        if (folders.Count == 0)
            throw new L2TException($"There are no runs in '{target}'. Teach or train first, or name other folders.");
        var data = new RunsData(
            $"{folders.Count} runs",
            [.. folders.Select(folder => Read(RunFolder.Open(folder), target)).OrderBy(run => run.Name, StringComparer.Ordinal)]);
        var path = Path.Combine(target, "report.html");
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(ReportPage.Of(data)));
        return path;
    }

    /// <summary>All runs in a folder.</summary>
    /// <exception cref="L2TException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> In(string runs)
    {
        try
        {
            return [.. Directory.GetDirectories(runs).Where(path => File.Exists(Path.Combine(path, "config.json"))).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new L2TException($"The runs in '{runs}' cannot be read: {e.Message} Name the folder with --runs, or single runs.", e);
        }
    }

    private static RunData Read(RunFolder folder, string target)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path));
        var link = File.Exists(folder.Report) ? Path.GetRelativePath(target, folder.Report).Replace('\\', '/') : null;
        try
        {
            var about = Parse<Dictionary<string, string?>>(folder["run.json"]);
            var report = File.Exists(folder[RunReport.File]) ? WithoutDetail(RunReport.Read(folder)) : null;
            return new RunData(
                name, link, about.GetValueOrDefault("command"), about.GetValueOrDefault("started"), report is null ? "unfinished" : null, report ?? Unfinished(folder));
        }
        catch (L2TException e)
        {
            return new RunData(name, link, null, null, e.Message, null);
        }
    }

    // What a run's own report shows is not repeated.
    private static ReportData WithoutDetail(ReportData report) => report with
    {
        Taught = null,
        Confusion = null,
        Episodes = report.Episodes is { } episodes ? Figures.Thinned(episodes, 200) : null,
        Students = [.. report.Students.Select(student => student with { Curve = Figures.Thinned(student.Curve, 100) })],
    };

    private static ReportData Unfinished(RunFolder folder) =>
        new("", Parse<Dictionary<string, string>>(folder.Config), true, Figures.Thinned(Episodes(folder["episodes.jsonl"]), 200), [], null, null, null);

    // The last line may be half a one, of a run that goes on or was killed.
    private static List<EpisodeData> Episodes(string path)
    {
        var episodes = new List<EpisodeData>();
        if (!File.Exists(path))
            return episodes;
        try
        {
            foreach (var line in File.ReadLines(path))
                episodes.Add(RunReport.Episode(JsonSerializer.Deserialize<EpisodeRecord>(line, ReportPage.Json)!));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return episodes;
        }
        return episodes;
    }

    private static T Parse<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path)) ?? throw new JsonException("It holds null.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"'{path}' cannot be read: {e.Message} Take the run out of the folder, or leave it unnamed.", e);
        }
    }
}
