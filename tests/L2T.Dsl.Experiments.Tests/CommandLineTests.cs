using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Tests;

public sealed class CommandLineTests : IDisposable
{
    private static readonly DataSplit Data = DotsExperiment.Draw();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Teaching_keeps_its_settings_its_figures_its_teacher_and_a_report()
    {
        var (code, output, _) = Run("teach", "--runs", _folder["runs"], "--episodes", "3", "--steps", "20", "--optimizer.momentum", "0.5", "--name", "it's one");

        Assert.Equal(ExitCodes.Success, code);
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(run, "config.json")))!;
        Assert.Equal("20", settings["steps"]);
        Assert.Equal("0.5", settings["optimizer.momentum"]);
        Assert.Equal("0.5", settings["spice"]);
        var about = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(run, "run.json")))!;
        Assert.Equal($"teach --runs {_folder["runs"]} --episodes 3 --steps 20 --optimizer.momentum 0.5 --name 'it'\\''s one'", about["arguments"]);
        Assert.Equal(3, LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).Episodes);
        Assert.Equal(4, File.ReadAllLines(Path.Combine(run, "episodes.csv")).Length);
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.DoesNotContain("/*DATA*/null", report);
        Assert.DoesNotContain("src=\"http", report);
        Assert.Contains("report: " + Path.Combine(run, "report.html"), output);
    }

    [Fact]
    public void A_teaching_that_is_resumed_ends_as_one_that_ran_through()
    {
        Run("teach", "--runs", _folder["whole"], "--episodes", "4", "--steps", "10");
        Run("teach", "--runs", _folder["parts"], "--episodes", "2", "--steps", "10");
        var whole = Assert.Single(Directory.GetDirectories(_folder["whole"]));
        var parts = Assert.Single(Directory.GetDirectories(_folder["parts"]));
        var config = Path.Combine(parts, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"episodes\": \"2\"", "\"episodes\": \"4\""));

        Assert.Equal(ExitCodes.Success, Run("resume", parts).Code);

        Assert.Equal(LearnedTeacher.Load(Path.Combine(whole, "teacher.l2t")).Parameters, LearnedTeacher.Load(Path.Combine(parts, "teacher.l2t")).Parameters);
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "episodes.csv")), File.ReadAllText(Path.Combine(parts, "episodes.csv")));
    }

    [Fact]
    public void A_teaching_that_ended_is_extended_to_what_it_would_have_been()
    {
        Run("teach", "--runs", _folder["whole"], "--episodes", "4", "--steps", "10");
        Run("teach", "--runs", _folder["parts"], "--episodes", "2", "--steps", "10");
        var whole = Assert.Single(Directory.GetDirectories(_folder["whole"]));
        var parts = Assert.Single(Directory.GetDirectories(_folder["parts"]));

        var (code, _, errors) = Run("resume", parts, "--episodes", "1");
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("--episodes is 1. It must be at least the 2", errors);
        Assert.Contains("All 2 episodes are taught; a greater number", Run("resume", parts, "--episodes", "2").Output);
        Assert.Contains("All 2 episodes are taught; a greater number", Run("resume", parts).Output);
        Assert.Equal(ExitCodes.Success, Run("resume", parts, "--episodes", "4").Code);

        foreach (var file in (string[])["config.json", "episodes.csv", "episodes.jsonl"])
            Assert.Equal(File.ReadAllText(Path.Combine(whole, file)), File.ReadAllText(Path.Combine(parts, file)));
        Assert.Equal(LearnedTeacher.Load(Path.Combine(whole, "teacher.l2t")).Parameters, LearnedTeacher.Load(Path.Combine(parts, "teacher.l2t")).Parameters);
    }

    [Fact]
    public void A_teaching_whose_rate_depends_on_how_many_episodes_there_are_is_not_extended()
    {
        Run("teach", "--runs", _folder["runs"], "--episodes", "2", "--steps", "10", "--teacher-schedule", "linear");
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));

        var (code, _, errors) = Run("resume", run, "--episodes", "4");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("TeacherSchedule had another factor in episode 1", errors);
        Assert.Equal(ExitCodes.Success, Run("resume", run).Code);
    }

    [Fact]
    public void A_teaching_of_any_schedule_is_resumed()
    {
        var schedule = LearningRateSchedule.Milestones(0.5, 3, 6).AfterWarmUp(2, 0.1);
        DotsExperiment Milestones() => new() { Data = Data, Steps = 10, Episodes = 2, BatchSize = 16, Schedule = schedule };
        DotsExperiment Own() => new() { Data = Data, Steps = 10, Episodes = 2, BatchSize = 16, Schedule = new HalfSchedule() };

        foreach (var create in (Func<DotsExperiment>[])[Milestones, Own])
        {
            var runs = _folder[$"runs of {create().Schedule.GetType().Name}"];
            Assert.Equal(ExitCodes.Success, Run(create, "teach", "--runs", runs).Code);
            var run = Assert.Single(Directory.GetDirectories(runs));

            Assert.Equal(ExitCodes.Success, Run(create, "resume", run, "--episodes", "3").Code);
        }
        // A program that has another schedule is given that of the run, where a text can say it.
        var ofMilestones = Assert.Single(Directory.GetDirectories(_folder[$"runs of {schedule.GetType().Name}"]));
        Assert.Equal(ExitCodes.Success, Run("resume", ofMilestones, "--episodes", "4").Code);
        var ofOwn = Assert.Single(Directory.GetDirectories(_folder["runs of HalfSchedule"]));
        var (code, _, errors) = Run("resume", ofOwn);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("schedule: 'HalfSchedule { }' is no schedule", errors);
    }

    [Fact]
    public void The_operations_of_a_step_are_said_before_anything_runs()
    {
        var (_, output, _) = Run("summary");

        // By hand, for N = 16. The student: 2 * 4 * 3 N and 3 N. The step: 99 N, of which two products of 24 N and a softmax of 17 N, 15 for the
        // gradient, 1 for the mean. The hyper step: 129 N, and 27 for what it adds to two blocks; it reads the log softmax, so that the product and the
        // bias before that are not taken again.
        Assert.Contains("a batch of 16: student 432 FLOP, step 1.60 kFLOP, hyper step 2.09 kFLOP (1.31 times the step)", output);
    }

    [Fact]
    public void Options_go_over_a_file_and_a_file_over_the_program()
    {
        File.WriteAllText(_folder["some.json"], """{ "learningRate": 0.25, "steps": 40, "optimizer": { "clipNorm": 3 } }""");

        var (code, output, _) = Run("summary", "--config", _folder["some.json"], "--steps", "50", "--schedule", "cosine");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("--learning-rate 0.25", output);
        Assert.Contains("--steps 50", output);
        Assert.Contains("--schedule cosine", output);
        Assert.Contains("--optimizer.clip-norm 3", output);
        Assert.Contains("student: 15 parameters", output);
    }

    [Theory]
    [InlineData("summary --stepps 3", "Did you mean '--steps'?")]
    [InlineData("teech", "Did you mean 'teach'?")]
    [InlineData("summary --steps many", "steps is 'many'. It must be a whole number.")]
    [InlineData("summary --steps 0", "--steps is 0. It must be at least 1.")]
    [InlineData("summary --optimizer.momentum 2", "--optimizer.momentum is 2. It must be at least 0 and less than 1.")]
    [InlineData("summary --optimizer.beta1 0.5", "no setting of the optimizer 'sgd'")]
    [InlineData("summary --optimizer adamm", "sgd, adam, adamw")]
    [InlineData("summary --dtype float16", "It must be float32, float64.")]
    [InlineData("train --loss Focall --steps 5 --runs {0}/runs", "Did you mean 'Focal'?")]
    [InlineData("train", "--teacher FILE")]
    [InlineData("compare --losses Focl --runs {0}/runs", "Did you mean 'Focal'?")]
    [InlineData("compare --losses CrossEntropy,Focl --runs {0}/runs", "There is no loss 'Focl'. Did you mean 'Focal'?")]
    [InlineData("compare --rates 0.1,fast --runs {0}/runs", "--rates has 'fast'. Learning rates are numbers")]
    [InlineData("compare --rates 0.1,-1 --runs {0}/runs", "--rates has -1. Learning rates must be positive.")]
    [InlineData("compare --reference L2T-DLF --runs {0}/runs", "'L2T-DLF', which is not compared")]
    [InlineData("summary --schedule linnear", "schedule: 'linnear' is no schedule. It must be constant, linear[:END]")]
    [InlineData("summary --schedule step:0", "schedule: The every of a schedule is 0")]
    [InlineData("summary --config {0}/missing.json", "missing.json")]
    [InlineData("summary --config {0}/bad.json", "line 1")]
    [InlineData("summary --config {0}/unknown.json", "Did you mean 'steps'?")]
    [InlineData("resume {0}/nothing", "no folder of a run")]
    [InlineData("teach --steps 5 --runs {0}/bad.json/runs", "No run can be kept")]
    [InlineData("evaluate --student {0}/bad.json", "bad.json")]
    public void A_fault_is_one_line_and_code_2(string line, string expected)
    {
        File.WriteAllText(_folder["bad.json"], "{ \"steps\": }");
        File.WriteAllText(_folder["unknown.json"], "{ \"stps\": 3 }");

        var (code, _, errors) = Run([.. line.Split(' ').Select(part => part.Replace("{0}", Path.GetDirectoryName(_folder["x"])))]);

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(expected, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void What_is_cancelled_says_how_to_resume_and_ends_with_130()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var code = ExperimentCommandLine.Run(["teach", "--runs", _folder["runs"]], Create, output, errors, interrupt.Token);

        Assert.Equal(ExitCodes.Interrupted, code);
        Assert.Contains("To go on: resume " + _folder["runs"], output.ToString());
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        Assert.Equal(ExitCodes.Success, Run("resume", run, "--quiet").Code);
    }

    [Fact]
    public void Who_closes_the_terminal_gets_the_code_of_a_stop_and_no_fault_of_the_process()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();

        Assert.Equal(ExitCodes.Interrupted, ExperimentCommandLine.Run(["teach", "--runs", _folder["runs"]], Create, new GoneTerminal(), new GoneTerminal(), interrupt.Token));
        Assert.Equal(ExitCodes.BadInput, ExperimentCommandLine.Run(["summary"], Create, new GoneTerminal(), new GoneTerminal(), CancellationToken.None));

        Assert.Equal(ExitCodes.Success, Run("resume", Assert.Single(Directory.GetDirectories(_folder["runs"])), "--quiet").Code);
    }

    [Fact]
    public void What_a_teacher_was_taught_with_is_said_where_it_is_used_with_something_else()
    {
        Run("teach", "--runs", _folder["runs"], "--steps", "20");
        var teacher = Path.Combine(Assert.Single(Directory.GetDirectories(_folder["runs"])), "teacher.l2t");

        foreach (var command in (string[][])[["train"], ["compare", "--json", "--seeds", "2", "--tuning-seeds", "1", "--rates", "0.1", "0.5"]])
        {
            var file = command[0] == "train" ? "--teacher" : "--teachers";
            var same = Run([.. command, file, teacher, "--steps", "20", "--seed", "5", "--teacher-learning-rate", "1", "--runs", _folder["same"]]);
            var other = Run([.. command, file, teacher, "--steps", "10", "--runs", _folder["other"]]);
            Assert.Equal((ExitCodes.Success, ExitCodes.Success), (same.Code, other.Code));
            Assert.Equal("", same.Errors);
            Assert.EndsWith("was taught with other settings:\n  Steps was 20 and is 10\n", other.Errors.ReplaceLineEndings("\n"));
        }
    }

    [Fact]
    public void What_taught_nothing_is_not_resumed()
    {
        Run("train", "--loss", "Focal", "--steps", "20", "--runs", _folder["runs"], "--name", "a/b c");
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        Assert.EndsWith("-a-b-c", run);
        var student = File.ReadAllBytes(Path.Combine(run, "student.l2t"));

        var (code, _, errors) = Run("resume", run);

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("is a run of 'train', which teaches nothing", errors);
        Assert.Equal(student, File.ReadAllBytes(Path.Combine(run, "student.l2t")));
    }

    [Fact]
    public void A_student_is_evaluated_with_the_settings_of_its_run()
    {
        var small = DotsExperiment.Draw();
        Run("train", "--loss", "Focal", "--batch-size", "100", "--runs", _folder["runs"]);
        var student = Path.Combine(Assert.Single(Directory.GetDirectories(_folder["runs"])), "student.l2t");
        DotsExperiment TooLarge() => new() { Data = small, BatchSize = 1000 };

        Assert.Equal(ExitCodes.Success, Run(TooLarge, "evaluate", "--student", student).Code);

        File.Copy(student, _folder["alone.l2t"]);
        Assert.Equal(ExitCodes.BadInput, Run(TooLarge, "evaluate", "--student", _folder["alone.l2t"]).Code);
        Assert.Equal(ExitCodes.Success, Run(TooLarge, "evaluate", "--student", _folder["alone.l2t"], "--batch-size", "10").Code);
    }

    [Fact]
    public void A_rate_at_the_end_of_those_that_were_tried_is_said_to_be_there_and_what_few_seeds_cannot_show()
    {
        var (_, output, _) = Run("compare", "--runs", _folder["runs"], "--steps", "20", "--seeds", "3", "--tuning-seeds", "1", "--rates", "0.0001", "0.5", "0.0002");

        Assert.Contains("learning rate 0.5, the highest of --rates", output);
        Assert.Contains("3 seeds: Wilcoxon's p is never below 0.25.", output);
    }

    [Fact]
    public void A_list_is_written_with_commas_or_spaces()
    {
        string[] options = ["--steps", "10", "--seeds", "2", "--tuning-seeds", "1", "--json", "--quiet"];
        var commas = Run(["compare", "--runs", _folder["commas"], "--losses", "Focal,CrossEntropy", "--rates", "0.1,0.5", .. options]);
        var spaces = Run(["compare", "--runs", _folder["spaces"], "--losses", "Focal", "CrossEntropy", "--rates", "0.1", "0.5", .. options]);

        Assert.True(commas.Code == ExitCodes.Success, commas.Errors);
        Assert.Equal(["Focal", "CrossEntropy"], commas.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetString()));
        Assert.Equal(spaces.Output, commas.Output);
    }

    [Fact]
    public void A_comparison_is_the_same_however_many_students_train_at_once()
    {
        string[] options = ["--steps", "20", "--seeds", "3", "--tuning-seeds", "1", "--rates", "0.1", "0.5", "--json", "--quiet"];
        var one = Run(["compare", "--runs", _folder["one"], "--parallel", "1", .. options]);
        var four = Run(["compare", "--runs", _folder["four"], "--parallel", "4", .. options]);

        Assert.Equal(ExitCodes.Success, one.Code);
        Assert.Equal(one.Output, four.Output);
        Assert.Equal(["CrossEntropy", "Focal"], one.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetString()));
    }

    [Fact]
    public void Squared_errors_are_printed_as_they_are_and_nothing_is_said_of_classes()
    {
        var data = WavesExperiment.Draw();
        var (teaching, taught, _) = Run(() => new WavesExperiment { Data = data, Steps = 20, BatchSize = 16 }, "teach", "--runs", _folder["runs"], "--episodes", "2");
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        var (evaluating, evaluated, _) = Run(() => new WavesExperiment { Data = data }, "evaluate", "--student", Path.Combine(run, "student.l2t"));
        var (training, trained, _) = Run(() => new WavesExperiment { Data = data, Steps = 20, BatchSize = 16 }, "train", "--loss", "MeanSquaredError", "--runs", _folder["train"]);
        var (comparing, compared, _) = Run(
            () => new WavesExperiment { Data = data, Steps = 10, BatchSize = 16 },
            "compare", "--runs", _folder["compare"], "--seeds", "2", "--tuning-seeds", "1", "--rates", "0.1", "0.2", "--teachers", Path.Combine(run, "teacher.l2t"));

        Assert.Equal((0, 0, 0, 0), (teaching, evaluating, training, comparing));
        Assert.Matches(@"dev error [0-9.E+-]+  [0-9:]+ gone", taught);
        Assert.Matches(@"^mean squared error [0-9.E+-]+ on 30 test examples\s*$", evaluated);
        Assert.Matches(@"development error [0-9.E+-]+\s", trained);
        Assert.Contains("test MSE", compared);
        Assert.DoesNotContain("%", taught + evaluated + trained + compared.Replace("95 % interval", ""));
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("\"hasClasses\":false", report);
        Assert.Contains("\"confusion\":null", report);
        Assert.Contains("\"trainAccuracy\":null", report);
    }

    [Fact]
    public void Help_lists_every_setting_with_its_documentation()
    {
        var (code, output, _) = Run("teach", "--help");

        Assert.Equal(ExitCodes.Success, code);
        foreach (var option in (string[])["--steps", "--student.lr", "--optimizer.momentum", "--optimizer.beta1", "--spice", "--config", "--quiet"])
            Assert.Contains(option, output);
        var words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("number of steps of a student's training", words);
        // Settings as the options that they are, what else the documentation names as it is.
        Assert.Contains("Default null: learning-rate.", words);
        Assert.Contains("else ReplayException names the step", words);
        Assert.Contains("(float32, float64)", words);
    }

    private sealed class GoneTerminal : StringWriter
    {
        public override void Write(char value) => throw new IOException("Input/output error");

        public override void Write(char[] buffer, int index, int count) => throw new IOException("Input/output error");

        public override void Write(string? value) => throw new IOException("Input/output error");

        public override void WriteLine(string? value) => throw new IOException("Input/output error");
    }

    private sealed record HalfSchedule : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 0.5;
    }

    private static (int Code, string Output, string Errors) Run(params string[] args) => Run(Create, args);

    private static (int Code, string Output, string Errors) Run<TExperiment>(Func<TExperiment> create, params string[] args)
        where TExperiment : LossTeacherExperiment
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ExperimentCommandLine.Run(args, create, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private static DotsExperiment Create() => new() { Data = Data, Steps = 30, Episodes = 2, BatchSize = 16 };
}
