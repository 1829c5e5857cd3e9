using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using L2T.Dsl;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Benchmarks.Kills;

/// <summary>
/// Kills a process that teaches and trains at random moments (SIGKILL), starts it again, and compares what it ends with, byte by byte, with
/// what one that was left alone ended with.
/// </summary>
internal sealed class KillsCommand : Command<KillsCommand.Settings>
{
    /// <summary>Its options.</summary>
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--kills <N>")]
        [Description("How many processes are killed. Default 100.")]
        [DefaultValue(100)]
        public int Kills { get; init; }

        [CommandOption("--seed <N>")]
        [Description("Decides the moments. Default 1.")]
        [DefaultValue(1)]
        public int Seed { get; init; }

        public override ValidationResult Validate() =>
            Kills < 1 ? ValidationResult.Error("--kills must be at least 1.") : ValidationResult.Success();
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellation)
    {
        var root = Directory.CreateTempSubdirectory("l2t-dsl-kills-");
        try
        {
            var alone = root.CreateSubdirectory("alone").FullName;
            var clock = Stopwatch.StartNew();
            Run(alone, () => clock.Restart(), null);
            var duration = clock.Elapsed;
            var expected = Results(alone);

            var moments = new Random(settings.Seed);
            var (kills, rounds, halfWritten) = (0, 0, 0);
            while (kills < settings.Kills)
            {
                cancellation.ThrowIfCancellationRequested();
                var folder = root.CreateSubdirectory($"round {++rounds}").FullName;
                // The last round ends in peace.
                while (!Run(folder, null, kills < settings.Kills ? duration * (0.3 * moments.NextDouble()) : null))
                {
                    kills++;
                    halfWritten += Directory.GetFiles(folder, "*.tmp").Length;
                    Console.Error.Write($"\r{kills} killed, {rounds - 1} rounds ended ");
                }
                if (!Results(folder).Zip(expected).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                    throw new L2TException($"Round {rounds} ended with other bits, after {kills} kills in all.");
                var foreign = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Except(KillsWorkerCommand.Files).ToList();
                if (foreign.Count > 0)
                    throw new L2TException($"Round {rounds} has left {string.Join(", ", foreign)}.");
            }
            Console.Error.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kills} processes killed in {rounds} rounds of {duration.TotalSeconds:F1} s, {halfWritten} of them with a file under way; every round ended with the same bytes and left no temporary file."));
            return 0;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static byte[][] Results(string folder) => [.. KillsWorkerCommand.Results.Select(name => File.ReadAllBytes(Path.Combine(folder, name)))];

    // Whether the process came to its end; else it was killed so long after it had begun.
    private static bool Run(string folder, Action? begun, TimeSpan? killAfter)
    {
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(KillsCommand).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. host, "kills-worker", folder]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line && line != KillsWorkerCommand.Ready)
        {
        }
        begun?.Invoke();
        if (killAfter is { } delay && !process.WaitForExit(delay))
        {
            process.Kill();
            process.WaitForExit();
            return false;
        }
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? true : throw new L2TException($"The process ended with code {process.ExitCode}: {said}");
    }
}
