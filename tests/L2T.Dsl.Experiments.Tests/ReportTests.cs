using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Reports;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Tests;

public sealed class ReportTests : IDisposable
{
    private static readonly DataSplit Data = DotsExperiment.Draw();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Attention_and_memory_give_the_coefficients_that_the_student_was_trained_with()
    {
        var experiment = Experiment();
        var teacher = experiment.Teach();
        var student = experiment.Train(teacher, 1);

        Assert.Equal(3, student.Coefficients.Count);
        foreach (var snapshot in student.Coefficients)
        {
            var attention = SlotAttention.Of(teacher.Parameters, snapshot.Values.Layout, snapshot.State)!;
            Assert.Equal(1, attention.Sum(), 12);
            foreach (var slot in snapshot.Values.Layout)
            {
                var memory = teacher.Parameters["Memory." + slot.Name].ToArray();
                for (var i = 0; i < slot.Count; i++)
                    Assert.Equal(snapshot.Values[slot.Name][i], attention.Select((weight, k) => weight * memory[k * slot.Count + i]).Sum(), 1e-5);
            }
        }
        Assert.Equal([0, 25 / 60f, 50 / 60f], student.Coefficients.Select(snapshot => (float)snapshot.State[0]));
    }

    [Fact]
    public void A_teacher_without_slots_has_no_attention()
    {
        var layout = new[] { new TensorSlot("W", [2], Init.Zeros, 1) };
        var own = new ParameterSet([new TensorSlot("Attention", [2, 1], Init.Zeros, 1)], [1, 2]);

        Assert.Null(SlotAttention.Of(own, layout, [1]));
    }

    [Fact]
    public void State_features_are_called_by_their_methods() => Assert.Equal(["Progress"], StateFeatureNames.Of(Experiment()));

    [Fact]
    public void A_long_training_is_thinned_evenly_and_keeps_its_ends()
    {
        Assert.Equal([0, 3, 6, 9], Figures.Thinned([.. Enumerable.Range(0, 10)], 4));
        Assert.Equal([0, 1, 2], Figures.Thinned([0, 1, 2], 3));
        Assert.Equal(new double?[] { 0.12346, null, -12346000 }, Figures.Rounded([0.123456, double.NaN, -12345678]));
    }

    [Fact]
    public void A_compared_run_is_reported_again_from_its_figures()
    {
        var runs = _folder["runs"];
        Assert.Equal(ExitCodes.Success, Run("compare", "--runs", runs, "--steps", "20", "--seeds", "2", "--tuning-seeds", "1", "--rates", "0.1", "--quiet").Code);
        var run = Assert.Single(Directory.GetDirectories(runs));
        var report = Path.Combine(run, "report.html");
        var first = File.ReadAllText(report);
        File.Delete(report);

        Assert.Equal(ExitCodes.Success, Run("report", run).Code);

        Assert.Equal(first, File.ReadAllText(report));
    }

    [Fact]
    public void Runs_are_reported_together_and_a_damaged_or_unfinished_one_hides_none()
    {
        var runs = _folder["runs"];
        foreach (var (name, steps) in (ReadOnlySpan<(string, string)>)[("a", "10"), ("b", "20"), ("c", "20"), ("d", "20")])
            Assert.Equal(ExitCodes.Success, Run("teach", "--runs", runs, "--name", name, "--steps", steps, "--quiet").Code);
        var folders = Directory.GetDirectories(runs).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllText(Path.Combine(folders[1], "report.json"), "{ half");
        File.Delete(Path.Combine(folders[2], "report.json"));
        File.AppendAllText(Path.Combine(folders[2], "episodes.jsonl"), "{\"Episode\": 2, \"Met");

        var (code, output, _) = Run("report", "--runs", runs);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("report: " + Path.Combine(runs, "report.html"), output);
        var all = Parsed<RunsData>(Path.Combine(runs, "report.html")).Runs;
        Assert.Equal(folders.Select(Path.GetFileName), all.Select(run => run.Name));
        Assert.Equal("10", all[0].Report!.Settings["steps"]);
        Assert.Contains("report.json' cannot be read", all[1].State);
        Assert.Equal("unfinished", all[2].State);
        Assert.Equal(2, all[2].Report!.Episodes!.Count);
        Assert.Equal(all[3].Report!.Episodes, all[2].Report!.Episodes);
    }

    [ChromiumFact]
    public async Task A_report_opens_in_a_browser_and_its_slider_moves_its_maps()
    {
        var runs = _folder["runs"];
        Run("teach", "--runs", runs, "--steps", "60", "--episodes", "5", "--teacher-learning-rate", "0.05", "--quiet");
        await using var page = await OpenedPage.Open(Path.Combine(Assert.Single(Directory.GetDirectories(runs)), "report.html"));

        Assert.Empty(page.Complaints);
        Assert.Equal(9, await page.Ask<int>("document.querySelectorAll('[data-map=W] svg rect').length"));
        Assert.Equal(3, await page.Ask<int>("document.querySelectorAll('[data-map=B] svg rect').length"));
        // Two slots at three steps, and the frame of the present step.
        Assert.Equal(7, await page.Ask<int>("document.querySelectorAll('#attention svg rect').length"));
        Assert.Contains("Progress", await page.Ask<string>("document.querySelector('#features').textContent"));
        Assert.Equal(6, await page.Ask<int>("document.querySelectorAll('#phases svg').length"));
        Assert.Equal(9, await page.Ask<int>("document.querySelectorAll('#confusion svg rect').length"));
        Assert.Contains("teacher-learning-rate 0.05", await page.Ask<string>("document.querySelector('.settings').textContent"));

        const string maps = "document.querySelector('#maps').innerHTML + document.querySelector('#attention').innerHTML";
        var before = await page.Ask<string>(maps);
        await page.Page.FocusAsync("#step");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("step 25 of 50", await page.Ask<string>("document.querySelector('#at').textContent"));
        Assert.NotEqual(before, await page.Ask<string>(maps));
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(before, await page.Ask<string>(maps));
        await page.Page.ClickAsync("#change");
        Assert.Equal(9, await page.Ask<int>("[...document.querySelectorAll('[data-map=W] rect')].filter(r => r.getAttribute('fill') === 'rgb(255,255,255)').length"));
        Assert.Empty(page.Complaints);
    }

    [ChromiumFact]
    public async Task The_report_across_runs_opens_in_a_browser()
    {
        var runs = _folder["runs"];
        Run("teach", "--runs", runs, "--name", "<i>odd", "--steps", "10", "--quiet");
        Run("teach", "--runs", runs, "--name", "b", "--steps", "20", "--quiet");
        Run("compare", "--runs", runs, "--name", "c", "--steps", "20", "--seeds", "2", "--tuning-seeds", "1", "--rates", "0.1", "--quiet");
        Run("report", "--runs", runs);
        await using var page = await OpenedPage.Open(Path.Combine(runs, "report.html"));

        Assert.Empty(page.Complaints);
        Assert.Equal(3, await page.Ask<int>("document.querySelectorAll('table')[0].rows.length - 1"));
        Assert.Equal(["run", "steps"], (await page.Ask<string[]>("[...document.querySelectorAll('table')[1].rows[0].cells].map(c => c.textContent)")).Where(name => name is "run" or "steps"));
        Assert.Contains("Focal", await page.Ask<string>("document.querySelectorAll('table')[2].textContent"));
        Assert.Equal(0, await page.Ask<int>("document.querySelectorAll('table i').length"));
        await Task.WhenAll(page.Page.WaitForNavigationAsync(), page.Page.ClickAsync("table a"));
        await page.Page.WaitForSelectorAsync("#step");
    }

    [ChromiumFact]
    public async Task The_report_of_a_sweep_opens_in_a_browser_and_shows_its_trials()
    {
        var runs = _folder["runs"];
        var (_, output, _) = Run("sweep", "--runs", runs, "--loss", "CrossEntropy", "--grid", "learning-rate=0.01,0.1,1,1e38", "--steps", "20", "--seeds", "2");
        var run = Assert.Single(Directory.GetDirectories(runs));
        Assert.Contains("report: " + Path.Combine(run, "report.html"), output);
        await using (var page = await OpenedPage.Open(Path.Combine(run, "report.html")))
        {
            Assert.Empty(page.Complaints);
            Assert.Equal(["trial", "learning-rate", "dev error", "95 % interval", "seconds", "remarks"],
                await page.Ask<string[]>("[...document.querySelectorAll('table')[0].rows[0].cells].map(c => c.textContent)"));
            var last = await page.Ask<string[]>("[...document.querySelectorAll('table')[0].rows[4].cells].map(c => c.textContent)");
            Assert.Equal(("4", "1e38", ""), (last[0], last[1].Replace("E+", "e").ToLowerInvariant(), last[2]));
            Assert.NotEqual("", last[5]);
            Assert.Equal(3, await page.Ask<int>("[...document.querySelectorAll('svg circle')].filter(c => c.getBoundingClientRect().width > 0).length"));
        }

        Run("report", "--runs", runs);
        await using var all = await OpenedPage.Open(Path.Combine(runs, "report.html"));
        Assert.Empty(all.Complaints);
        Assert.Contains("Sweep of", await all.Ask<string>("document.body.textContent"));
    }

    [ChromiumFact]
    public async Task The_report_of_a_hundred_episodes_is_below_5_MB_and_opens_within_2_seconds()
    {
        // Ten classes, 1,000 steps that are measured at each 5th, as no run of the tests could take.
        TensorSlot[] layout = [new("W", [10, 10], Init.Identity, 1), new("B", [10], Init.Zeros, 1)];
        var random = new Random(1);
        var steps = Enumerable.Range(0, 1000).Select(i => 5 * i).ToArray();
        var experiment = Experiment();
        var trained = experiment.Train(experiment.Teach(), 1) with
        {
            Coefficients = [.. steps.Select(step => new CoefficientSnapshot(step, new ParameterSet(layout, [.. Enumerable.Range(0, 110).Select(_ => random.NextDouble())])) { State = [step / 5000.0] })],
            Curve = [.. steps.Select(step => new TrainingPoint(step, random.NextDouble(), random.NextDouble(), random.NextDouble()))],
        };
        var teacher = Experiment(100).Teach();
        var folder = RunFolder.Create(_folder["runs"], "long", "teach", [], "Dots", new Dictionary<string, string> { ["seed"] = "1" });

        RunReport.Write(folder, "long", new Dictionary<string, string> { ["seed"] = "1" }, experiment, teacher, [trained]);

        Assert.InRange(new FileInfo(folder.Report).Length, 200_000, 5_000_000);
        await using var page = await OpenedPage.Open(folder.Report);
        Assert.Empty(page.Complaints);
        // The fastest: what else runs on the machine is not the report's time.
        var fastest = await page.Load(folder.Report);
        for (var i = 0; i < 4 && fastest > TimeSpan.FromSeconds(2); i++)
            fastest = await page.Load(folder.Report);
        Assert.InRange(fastest.TotalSeconds, 0, 2);
    }

    private static T Parsed<T>(string page)
    {
        var line = File.ReadLines(page).Single(line => line.StartsWith("const run = ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<T>(line["const run = ".Length..^1], ReportPage.Json)!;
    }

    private static DotsExperiment Experiment(int episodes = 2) => new() { Data = Data, Steps = 60, Episodes = episodes, BatchSize = 16 };

    private static (int Code, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ExperimentCommandLine.Run(args, () => Experiment(), output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
