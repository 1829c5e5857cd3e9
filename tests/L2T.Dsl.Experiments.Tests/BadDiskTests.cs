using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>Disks that are full and files that cannot be written: one line, code 2, and what was saved before stays readable.</summary>
public sealed class BadDiskTests : IDisposable
{
    // Every write to it says that there is no space left.
    private const string Full = "/dev/full";

    private static readonly DataSplit Data = DotsExperiment.Draw();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("episodes.csv", "The metrics cannot be written")]
    [InlineData("episodes.jsonl", "The metrics cannot be written")]
    [InlineData("teacher.l2t.tmp", "The teacher that was saved before is whole. Make room, then go on: resume")]
    public void A_disk_that_is_full_while_teaching_goes_on_is_one_line_and_costs_nothing_that_was_saved(string file, string expected)
    {
        var run = Teach(episodes: 4);
        var before = LearnedTeacher.Load(Path.Combine(run, "teacher.l2t"));
        Episodes(run, 12);
        Replace(Path.Combine(run, file));

        Fails(expected, "resume", run);

        var after = LearnedTeacher.Load(Path.Combine(run, "teacher.l2t"));
        Assert.InRange(after.Episodes, 4, 12);
        Assert.Equal(before.History, after.History.Take(4), (a, b) => a.Metric.Equals(b.Metric));
        // Room was made: it goes on, and ends as one that was never stopped.
        File.Delete(Path.Combine(run, file));
        Assert.Equal(ExitCodes.Success, Run("resume", run).Code);
        Assert.Equal(Create(12).Teach().Parameters, LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).Parameters);
    }

    [Theory]
    [InlineData("student.l2t.tmp", "student.l2t' cannot be written")]
    [InlineData("report.json.tmp", "report.json' cannot be written")]
    [InlineData("report.html.tmp", "report.html' cannot be written")]
    public void A_disk_that_is_full_at_the_end_costs_no_teacher(string file, string expected)
    {
        var run = Teach(episodes: 3);
        Episodes(run, 4);
        Replace(Path.Combine(run, file));

        Fails(expected, "resume", run);

        Assert.Equal(4, LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).Episodes);
        TrainedStudent.Load(Path.Combine(run, "student.l2t"));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void A_teacher_that_is_damaged_is_resumed_from_the_one_before()
    {
        var run = Teach(episodes: 12);
        Episodes(run, 14);
        File.WriteAllText(Path.Combine(run, "teacher.l2t"), "half a fi");

        Assert.Equal(ExitCodes.Success, Run("resume", run).Code);

        Assert.Equal(14, LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).Episodes);
        Assert.Equal(15, File.ReadAllLines(Path.Combine(run, "episodes.csv")).Length);
    }

    [TmpfsFact]
    public void A_file_system_that_fills_up_ends_the_run_in_one_line_and_what_is_on_it_can_be_read()
    {
        var disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        Assert.True(TmpfsFactAttribute.Run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk));
        try
        {
            var (code, _, errors) = Run("teach", "--runs", disk, "--episodes", "2000", "--steps", "3");

            Assert.Equal(ExitCodes.BadInput, code);
            Assert.Single(errors.TrimEnd().Split('\n'));
            Assert.Contains("space", errors);
            var run = Assert.Single(Directory.GetDirectories(disk));
            Assert.InRange(LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).Episodes, 10, 1999);
            JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json"))).Dispose();
            var lines = File.ReadAllLines(Path.Combine(run, "episodes.jsonl"));
            Assert.True(lines.Length > 10);
            foreach (var line in lines.SkipLast(1))
                JsonDocument.Parse(line).Dispose();
        }
        finally
        {
            TmpfsFactAttribute.Run("umount", disk);
        }
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_one_line_too()
    {
        using var output = new FullWriter();
        using var errors = new StringWriter();

        var code = ExperimentCommandLine.Run(["summary"], () => Create(2), output, errors, CancellationToken.None);

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("The output cannot be written", Assert.Single(errors.ToString().TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("teach --runs /dev/null/runs", "No run can be kept in '/dev/null/runs'")]
    [InlineData("teach --runs /proc/nothing", "No run can be kept in '/proc/nothing'")]
    [InlineData("compare --runs /proc/nothing", "No run can be kept")]
    [InlineData("report --runs /nowhere", "The runs in '/nowhere' cannot be read")]
    [InlineData("export --teacher {0}/taught.l2t --out /proc/nothing/A.cs", "A.cs' cannot be written")]
    [InlineData("summary --config {0}", "cannot be read")]
    [InlineData("summary --config {0}/list.json", "holds no JSON object")]
    [InlineData("summary --config {0}/deep.json", "is no JSON")]
    [InlineData("summary --config {0}/values.json", "steps is '[1]'. It must be a whole number.")]
    [InlineData("summary --config {0}/nested.json", "There is no setting 'steps.more'")]
    [InlineData("teach --config {0}/range.json", "--learning-rate is -1. It must be finite and not negative.")]
    public void Files_and_folders_at_fault_are_one_line_and_code_2(string line, string expected)
    {
        Create(1).Teach().Save(_folder["taught.l2t"]);
        File.WriteAllText(_folder["list.json"], "[1, 2]");
        File.WriteAllText(_folder["deep.json"], string.Concat(Enumerable.Repeat("{ \"a\": ", 100)));
        File.WriteAllText(_folder["values.json"], """{ "steps": [1] }""");
        File.WriteAllText(_folder["nested.json"], """{ "steps": { "more": 1 } }""");
        File.WriteAllText(_folder["range.json"], """{ "learningRate": -1 }""");

        Fails(expected, [.. line.Split(' ').Select(part => part.Replace("{0}", Path.GetDirectoryName(_folder["x"])))]);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(_folder["x"])!));
    }

    private static void Fails(string expected, params string[] args)
    {
        var (code, _, errors) = Run(args);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(expected, Assert.Single(errors.TrimEnd().Split('\n')));
    }

    private string Teach(int episodes)
    {
        Assert.Equal(ExitCodes.Success, Run("teach", "--runs", _folder["runs"], "--episodes", $"{episodes}").Code);
        return Assert.Single(Directory.GetDirectories(_folder["runs"]));
    }

    // As who wants more of them.
    private static void Episodes(string run, int count)
    {
        var path = Path.Combine(run, "config.json");
        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!;
        settings["episodes"] = $"{count}";
        File.WriteAllText(path, JsonSerializer.Serialize(settings));
    }

    private static void Replace(string path)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, Full);
    }

    private static (int Code, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ExperimentCommandLine.Run(args, () => Create(2), output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private sealed class FullWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    private static DotsExperiment Create(int episodes) => new() { Data = Data, Steps = 10, Episodes = episodes, BatchSize = 16 };
}
