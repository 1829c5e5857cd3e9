using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using L2T.Dsl.Reporting;
using TorchSharp;

namespace L2T.Dsl.Experiments.Runs;

/// <summary>
/// The folder of one run, <c>runs/20261125-094500-name</c>: what was run (<c>run.json</c>), with which settings (<c>config.json</c>, which
/// <c>--config</c> reads), and what came of it.
/// </summary>
internal sealed class RunFolder
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string Config => this["config.json"];

    public string Teacher => this["teacher.l2t"];

    public string Student => this["student.l2t"];

    public string Report => this["report.html"];

    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>Makes the folder of a new run, and writes what is to be run.</summary>
    /// <exception cref="L2TException">It cannot be made or written to.</exception>
    public static RunFolder Create(string runs, string name, string command, IReadOnlyList<string> arguments, string experiment, IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            var stem = System.IO.Path.Combine(runs, $"{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{name}");
            var path = stem;
            // Two runs of one second.
            for (var i = 2; Directory.Exists(path) || File.Exists(path); i++)
                path = $"{stem}-{i.ToString(CultureInfo.InvariantCulture)}";
            Directory.CreateDirectory(path);
            var folder = new RunFolder(path);
            folder.WriteSettings(settings);
            folder.WriteJson("run.json", new Dictionary<string, string?>
            {
                ["command"] = command,
                ["arguments"] = string.Join(' ', arguments.Select(Quoted)),
                ["experiment"] = experiment,
                ["started"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
                ["seed"] = settings.GetValueOrDefault("seed"),
                ["gitCommit"] = GitCommit(),
                ["program"] = Version(Assembly.GetEntryAssembly()),
                ["L2T.Dsl"] = Version(typeof(L2TException).Assembly),
                ["TorchSharp"] = Version(typeof(torch).Assembly),
                [".NET"] = RuntimeInformation.FrameworkDescription,
                ["machine"] = $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores",
            });
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new L2TException($"No run can be kept in '{runs}': {e.Message} Choose another folder with --runs.", e);
        }
    }

    /// <summary>The folder of an earlier run.</summary>
    /// <exception cref="L2TException">It is none.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        return File.Exists(folder.Config) ? folder
            : throw new L2TException($"'{path}' is no folder of a run: it has no config.json. Give one that a command has made.");
    }

    /// <summary>Refuses a run in which nothing was taught.</summary>
    /// <exception cref="L2TException">It is of a command that teaches nothing.</exception>
    public void RequireTeaching()
    {
        var about = About();
        var (command, arguments) = (about?.GetValueOrDefault("command"), about?.GetValueOrDefault("arguments") ?? "");
        if (command is "train" or "compare" || (command is "transfer" && !arguments.Split(' ').Contains("--teach")))
            throw new L2TException($"'{Path}' is a run of '{command}', which teaches nothing and is not resumed. Run the command again.");
    }

    /// <summary>The run of an experiment in whose folder a file lies; null where that is no run, or one of another experiment.</summary>
    public static RunFolder? Around(string file, string experiment)
    {
        var folder = new RunFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
        return File.Exists(folder.Config) && folder.About()?.GetValueOrDefault("experiment") == experiment ? folder : null;
    }

    /// <summary>Writes the settings of the run, whole or not at all.</summary>
    /// <exception cref="L2TException">They cannot be written.</exception>
    public void WriteSettings(IReadOnlyDictionary<string, string> settings) => WriteJson("config.json", settings);

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="L2TException">It cannot be written.</exception>
    public void WriteJson<T>(string file, T content) => AtomicFile.Write(this[file], JsonSerializer.SerializeToUtf8Bytes(content, Json));

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="L2TException">It cannot be written.</exception>
    public void WriteText(string file, string content) => AtomicFile.Write(this[file], Encoding.UTF8.GetBytes(content));

    /// <summary>A name for a file or folder in it: <paramref name="name"/> without what separates folders.</summary>
    public static string FileName(string name) => string.Join('-', name.Split([.. System.IO.Path.GetInvalidFileNameChars(), '/', '\\', ' '], StringSplitOptions.RemoveEmptyEntries));

    // Null where there is none that can be read.
    private Dictionary<string, string?>? About()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllBytes(this["run.json"]));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // As a shell takes it.
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:+@%".Contains(c, StringComparison.Ordinal)) ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? Version(Assembly? assembly) =>
        assembly is null ? null : $"{assembly.GetName().Name} {assembly.GetName().Version}";

    // Null where there is no git, or no repository.
    private static string? GitCommit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var commit = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 && commit.Length > 0 ? commit : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
