using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Reports;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Training;
using L2T.Experiments.Benchmarks.HyperStep;
using Spectre.Console;
using Spectre.Console.Cli;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.Logging;

/// <summary>
/// What logging costs a teaching: the time within the log (CSV, JSON lines, events) against all of it, and the report at its end. Students are
/// small, as costs most: the log's work is by episode, theirs by step.
/// </summary>
internal sealed class LoggingCommand : Command<LoggingCommand.Settings>
{
    /// <summary>Its options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--episodes <N>")]
        [Description("Episodes. Default 100.")]
        [DefaultValue(100)]
        public int Episodes { get; init; }

        [CommandOption("--steps <N>")]
        [Description("Steps of each student. Default 100.")]
        [DefaultValue(100)]
        public int Steps { get; init; }

        [CommandOption("--threads <N>")]
        [Description("Threads that libtorch computes with. Default 1.")]
        [DefaultValue(1)]
        public int Threads { get; init; }

        [CommandOption("--json")]
        [Description("Print one JSON object instead of a table.")]
        public bool Json { get; init; }

        public override ValidationResult Validate() =>
            Episodes < 1 ? ValidationResult.Error("--episodes must be at least 1.")
            : Steps < 1 ? ValidationResult.Error("--steps must be at least 1.")
            : Threads < 1 ? ValidationResult.Error("--threads must be at least 1.")
            : ValidationResult.Success();
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        const int Hidden = 32;
        set_num_threads(settings.Threads);
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var experiment = new HyperStepExperiment
        {
            Student = new Perceptron(Hidden),
            Data = new DataSplit(Part(1000), Part(500), Part(10)),
            Steps = settings.Steps,
            Episodes = settings.Episodes,
            LearningRate = 0.1,
        };
        experiment.Differentiate(experiment.InitialTeacher(), 0, cancellation);
        var folder = Directory.CreateTempSubdirectory("l2t-logging-");
        try
        {
            var run = RunFolder.Create(folder.FullName, "bench", "teach", [], nameof(LoggingCommand), new Dictionary<string, string>());
            var clock = Stopwatch.StartNew();
            LearnedTeacher teacher;
            TimeSpan logging;
            using (var log = new TimedLog(run))
            {
                teacher = experiment.Teach(log, cancellation);
                logging = log.Elapsed;
            }
            var teaching = clock.Elapsed;
            var student = experiment.Train(teacher, 0, cancellation: cancellation);
            clock.Restart();
            RunReport.Write(run, "bench", new Dictionary<string, string>(), experiment, teacher, [student]);
            var reporting = clock.Elapsed;
            Print(settings, new Result(
                settings.Episodes,
                settings.Steps,
                teaching.TotalSeconds,
                logging.TotalSeconds,
                logging / teaching,
                Size(run.Path, "episodes.*"),
                Size(run.Path, "events.*"),
                reporting.TotalSeconds,
                new FileInfo(run.Report).Length));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;

        static LabelledData Part(int count) => new(rand(count, 784), randint(10, count, dtype: ScalarType.Int64), 10);
    }

    private static long Size(string folder, string pattern) => new DirectoryInfo(folder).EnumerateFiles(pattern).Sum(file => file.Length);

    private static void Print(Settings settings, Result result)
    {
        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result));
            return;
        }
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Episodes} episodes of {result.Steps} steps of 784-32-10: {result.Seconds:F2} s, of which logging {result.LoggingSeconds:F3} s, {100 * result.Share:F2} %"));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"lines {result.LineBytes / 1000.0:F0} kB, events {result.EventBytes / 1000.0:F0} kB; the report {result.ReportBytes / 1000.0:F0} kB in {result.ReportSeconds:F2} s"));
    }

    private sealed record Result(
        int Episodes, int Steps, double Seconds, double LoggingSeconds, double Share, long LineBytes, long EventBytes, double ReportSeconds, long ReportBytes);

    private sealed class TimedLog(RunFolder run) : IProgress<TeachingProgress>, IDisposable
    {
        private readonly MetricsLog _log = new(run, []);
        private readonly Stopwatch _clock = new();

        public TimeSpan Elapsed => _clock.Elapsed;

        public void Report(TeachingProgress value)
        {
            _clock.Start();
            _log.Add(value.Record, value.Coefficients);
            _clock.Stop();
        }

        public void Dispose() => _log.Dispose();
    }
}
