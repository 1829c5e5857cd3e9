using System.Globalization;
using System.Text.Json.Nodes;
using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Tests;

public sealed class SweepTests : IDisposable
{
    private static readonly DataSplit Data = DotsExperiment.Draw();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_grid_is_tried_whole_and_a_trial_is_the_teaching_with_its_settings()
    {
        var (code, output, _) = Run("sweep", "--grid", "learning-rate=0.10,0.5", "steps=10,20", "--episodes", "2", "--seeds", "2", "--parallel", "2");

        Assert.Equal(ExitCodes.Success, code);
        var trials = Trials();
        Assert.Equal(
            ["0.1 10", "0.1 20", "0.5 10", "0.5 20"],
            trials.Select(trial => $"{trial!["settings"]!["learning-rate"]} {trial["settings"]!["steps"]}"));
        Assert.All(trials, trial => Assert.Equal("done", (string)trial!["state"]!));
        Assert.All(trials, trial => Assert.Equal(2, trial!["errors"]!.AsArray().Count));
        var best = trials.MinBy(trial => trial!["errors"]!.AsArray().Average(error => (double)error!))!;
        Assert.Contains($"best: --learning-rate {best["settings"]!["learning-rate"]} --steps {best["settings"]!["steps"]}, teacher {RunFolder}", output);

        Run("teach", "--runs", _folder["alone"], "--name", "alone", "--learning-rate", "0.5", "--steps", "20", "--episodes", "2");
        var alone = Assert.Single(Directory.GetDirectories(_folder["alone"]));
        Assert.Equal(TrainedStudent.Load(Path.Combine(alone, "student.l2t")).DevError, (double)trials[3]!["errors"]![0]!);
        Assert.Equal(LearnedTeacher.Load(Path.Combine(alone, "teacher.l2t")).Parameters, LearnedTeacher.Load(Path.Combine(RunFolder, "teacher-4.l2t")).Parameters);
    }

    [Fact]
    public void Draws_lie_in_their_ranges_are_the_same_for_a_seed_and_at_each_point_of_the_grid()
    {
        string[] options = ["--loss", "Focal", "--grid", "steps=2,3", "--random", "student.lr=log:1e-3..1", "batch-size=8..12", "schedule=linear,cosine", "spice=1..2", "--trials", "8"];
        Assert.Equal(ExitCodes.Success, Run(["sweep", .. options]).Code);

        var settings = Trials().Select(trial => trial!["settings"]!).ToList();
        Assert.Equal(16, settings.Count);
        double Number(JsonNode point, string name) => double.Parse((string)point[name]!, CultureInfo.InvariantCulture);
        Assert.All(settings, point => Assert.InRange(Number(point, "learning-rate"), 1e-3, 1));
        Assert.All(settings, point => Assert.InRange(Number(point, "spice"), 1, 2));
        Assert.All(settings, point => Assert.Contains(Number(point, "batch-size"), (double[])[8, 9, 10, 11, 12]));
        Assert.All(settings, point => Assert.Contains((string)point["schedule"]!, (string[])["linear", "cosine"]));
        Assert.Equal(8, settings.Select(point => Number(point, "learning-rate")).Distinct().Count());
        // Half of the draws of a logarithmic range are below its geometric middle: not one in thirty, as of a plain one.
        Assert.InRange(settings.Take(8).Count(point => Number(point, "learning-rate") < 0.0316), 1, 7);
        Assert.Equal(settings.Take(8).Select(point => (string)point["learning-rate"]!), settings.Skip(8).Select(point => (string)point["learning-rate"]!));

        var first = Trials().Select(trial => trial!["errors"]!.ToJsonString()).ToList();
        Directory.Delete(_folder["runs"], recursive: true);
        Run(["sweep", .. options, "--parallel", "1"]);
        Assert.Equal(settings.Select(point => point.ToJsonString()), Trials().Select(trial => trial!["settings"]!.ToJsonString()));
        Assert.Equal(first, Trials().Select(trial => trial!["errors"]!.ToJsonString()));
    }

    [Fact]
    public void A_teacher_of_a_trial_is_exported_with_the_settings_of_its_trial()
    {
        Run("sweep", "--grid", "steps=10,40", "--episodes", "2");

        foreach (var (trial, steps) in (ReadOnlySpan<(int, int)>)[(1, 10), (2, 40)])
        {
            var (code, _, remarks) = Run("export", "--teacher", Path.Combine(RunFolder, $"teacher-{trial}.l2t"), "--out", _folder[$"{trial}.cs"]);
            Assert.Equal((ExitCodes.Success, ""), (code, remarks));
            Assert.Contains($"over {steps} steps of training", File.ReadAllText(_folder[$"{trial}.cs"]));
        }
    }

    [Fact]
    public void A_trial_that_fails_is_kept_and_shown_and_the_others_go_on()
    {
        var (code, output, _) = Run("sweep", "--loss", "CrossEntropy", "--grid", "learning-rate=1e38,0.1", "--quiet");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(["failed", "done"], Trials().Select(trial => (string)trial!["state"]!));
        Assert.Contains("Lower the learning rate", (string)Trials()[0]!["failure"]!);
        Assert.Contains("trial 1 failed: ", output);
        Assert.Contains("best: --learning-rate 0.1", output);

        Directory.Delete(_folder["runs"], recursive: true);
        Assert.Equal(ExitCodes.Failure, Run("sweep", "--loss", "CrossEntropy", "--grid", "learning-rate=1e38", "--quiet").Code);
    }

    [Fact]
    public void What_is_done_is_not_run_again()
    {
        Run("sweep", "--grid", "learning-rate=0.1,0.5,1", "--episodes", "2");
        var file = Path.Combine(RunFolder, "sweep.json");
        var sweep = JsonNode.Parse(File.ReadAllText(file))!;
        var expected = sweep["trials"]![1]!.ToJsonString();
        sweep["trials"]![0]!["errors"] = new JsonArray(0.125);
        sweep["trials"]![1]!["state"] = "pending";
        sweep["trials"]![1]!["errors"] = new JsonArray();
        sweep["trials"]![2]!["state"] = "failed";
        File.WriteAllText(file, sweep.ToJsonString());

        var (code, output, _) = Run("resume", RunFolder);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal("[0.125]", Trials()[0]!["errors"]!.ToJsonString());
        Assert.Equal(JsonNode.Parse(expected)!["errors"]!.ToJsonString(), Trials()[1]!["errors"]!.ToJsonString());
        Assert.Equal("failed", (string)Trials()[2]!["state"]!);
        Assert.Contains("trial   2/3", output);
        Assert.DoesNotContain("trial   1/3", output);
    }

    [Fact]
    public void What_is_cancelled_can_be_resumed()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        using var output = new StringWriter();
        var code = ExperimentCommandLine.Run(
            ["sweep", "--grid", "learning-rate=0.1,0.5", "--runs", _folder["runs"]], Create, output, TextWriter.Null, interrupt.Token);

        Assert.Equal(ExitCodes.Interrupted, code);
        Assert.Contains("To go on: resume " + RunFolder, output.ToString());
        Assert.Equal(["pending", "pending"], Trials().Select(trial => (string)trial!["state"]!));
        Assert.Equal(ExitCodes.Success, Run("report", RunFolder).Code);
        Assert.Contains("\"state\":\"pending\"", File.ReadAllText(Path.Combine(RunFolder, "report.html")));
        Assert.Equal(ExitCodes.Success, Run("resume", RunFolder, "--quiet").Code);
        Assert.Equal(["done", "done"], Trials().Select(trial => (string)trial!["state"]!));
    }

    [Theory]
    [InlineData("", "Say what to sweep")]
    [InlineData("--grid steps", "Write NAME=VALUES")]
    [InlineData("--grid stepps=1,2", "Did you mean 'steps'?")]
    [InlineData("--grid steps=1,two", "steps is 'two'. It must be a whole number.")]
    [InlineData("--grid steps=10,0", "Trial 2, --steps 0: --steps is 0.")]
    [InlineData("--grid optimizer=sgd,adamm", "sgd, adam, adamw")]
    [InlineData("--grid steps=1,2 --random steps=1..9", "swept twice")]
    [InlineData("--grid steps=1,2 --steps 5", "--steps 5 is given, and steps is swept")]
    [InlineData("--random learning-rate=0.1..1 --student.lr 0.5", "--learning-rate 0.5 is given, and learning-rate is swept")]
    [InlineData("--grid optimizer=sgd,adam --optimizer adam", "--optimizer adam is given, and optimizer is swept")]
    [InlineData("--grid steps=1,2 --trials 3", "Leave it out")]
    [InlineData("--random steps=1..9 --trials 0", "--trials is 0")]
    [InlineData("--random learning-rate=1..0.1", "less than the second")]
    [InlineData("--random learning-rate=log:0..1", "both positive")]
    [InlineData("--random learning-rate=log:1", "is no interval")]
    [InlineData("--random schedule=a..b", "is not a number")]
    [InlineData("--grid steps=1,2 --loss Focl", "Did you mean 'Focal'?")]
    public void A_fault_is_one_line_and_code_2_and_leaves_no_run(string line, string expected)
    {
        var (code, _, errors) = Run(["sweep", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(expected, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    private string RunFolder => Assert.Single(Directory.GetDirectories(_folder["runs"]));

    private JsonArray Trials() => JsonNode.Parse(File.ReadAllText(Path.Combine(RunFolder, "sweep.json")))!["trials"]!.AsArray();

    private (int Code, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] all = args[0] == "sweep" ? [.. args, "--runs", _folder["runs"]] : args;
        return (ExperimentCommandLine.Run(all, Create, output, errors, CancellationToken.None), output.ToString(), errors.ToString());
    }

    private static DotsExperiment Create() => new() { Data = Data, Steps = 10, Episodes = 2, BatchSize = 16 };
}
