using System.Runtime.CompilerServices;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.Exports;
using L2T.Dsl.Losses;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using TaughtLosses;
using static TorchSharp.torch;

namespace L2T.Dsl.Experiments.Tests.Exports;

/// <summary>A teacher as an artefact: transferred, and written out.</summary>
public sealed class TeacherTests : IDisposable
{
    private static readonly DataSplit Data = DotsExperiment.Draw();
    private static readonly double[][] Stages =
    [
        [1.5, -0.25, 0.1, 0, 2, 0.3, -1, 0.5, 1, 0.1, -0.2, 0.3],
        [0.5, 0, 0, 0, 0.75, 0, 0, 0, 1e-7, 0, 0.5, -0.5],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_exported_source_is_the_one_that_is_compiled_here()
    {
        var layout = Layout();
        CoefficientSnapshot[] snapshots =
        [
            .. Stages.Select((values, i) => new CoefficientSnapshot(30 * i, new ParameterSet(layout, [.. values.Select(value => (double)(float)value)]))),
        ];

        var source = TaughtLossSource.Of(Dots(), snapshots, 2, "DotsTaughtLoss", "TaughtLosses", "The loss of a test.");

        var path = Path.Combine(Path.GetDirectoryName(Here())!, "DotsTaughtLoss.cs");
        if (Environment.GetEnvironmentVariable("L2T_ACCEPT_SNAPSHOTS") == "1")
            File.WriteAllText(path, source);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), source);
    }

    [Theory]
    [InlineData(0, ScalarType.Float32)]
    [InlineData(0.49, ScalarType.Float32)]
    [InlineData(0.5, ScalarType.Float64)]
    [InlineData(0.99, ScalarType.Float32)]
    public void The_exported_loss_has_the_values_of_the_taught_one(double progress, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logits = randn([20, 3], type, generator: generator);
        var labels = randint(3, [20], dtype: ScalarType.Int64, generator: generator);

        Assert.Equal(Bilinear(progress < 0.5 ? 0 : 1, logits, labels), DotsTaughtLoss.Loss(progress, logits, labels).to(ScalarType.Float64).item<double>(), 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_generated_kernel_of_an_exported_loss_has_the_values_of_the_taught_one(int stage)
    {
        // One step of all training examples, which changes nothing.
        var experiment = new DeeperExperiment { Data = Data, Steps = 1, BatchSize = (int)Data.Train.Count, LearningRate = 0 };
        var student = experiment.Train($"DotsTaughtLoss{stage}", seed: 1);
        using var logits = experiment.Predict(student, Data.Train.Inputs);

        Assert.Equal(Bilinear(stage, logits, Data.Train.Labels), student.Curve[^1].TrainLoss, 1e-6);
    }

    [Fact]
    public void A_teacher_is_transferred_to_another_student_and_taught_further_there()
    {
        var path = Taught();

        var (code, output, _) = Run(Deeper, "transfer", "--teacher", path, "--runs", _folder["runs"], "--name", "a", "--steps", "20");
        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("The teacher fits.", output);
        Assert.Contains("Steps was 60 and is 20", output);
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        Assert.Equal(LossTeacherExperiment.TaughtLossName, TrainedStudent.Load(Path.Combine(run, "student.l2t")).Loss);

        Assert.Equal(ExitCodes.Success, Run(Deeper, "transfer", "--teacher", path, "--teach", "--episodes", "2", "--runs", _folder["further"]).Code);
        var further = Assert.Single(Directory.GetDirectories(_folder["further"]));
        var learned = LearnedTeacher.Load(Path.Combine(further, "teacher.l2t"));
        Assert.Equal(2, learned.Episodes);
        var whole = new DeeperExperiment { Data = Data, Steps = 30, BatchSize = 16, Episodes = 2, TeacherStart = LearnedTeacher.Load(path).Parameters };
        Assert.Equal(whole.Teach().Parameters, learned.Parameters);
        Assert.Equal(ExitCodes.Success, Run(Deeper, "resume", further, "--quiet").Code);
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_refused_with_the_reason()
    {
        var path = Taught();

        Refused(() => new OtherFeatureExperiment { Data = Data }, "its state features, its slots or its Teach");
        Refused(() => new MoreSlotsExperiment { Data = Data }, "it has the parameters [Attention [2, 1]");
        Refused(() => new OtherFormExperiment { Data = Data }, "it was taught for another loss form");

        void Refused<TExperiment>(Func<TExperiment> create, string reason) where TExperiment : LossTeacherExperiment
        {
            foreach (var command in (string[])["transfer", "export"])
            {
                var (code, _, errors) = Run(create, command, "--teacher", path, "--steps", "10");
                Assert.Equal(ExitCodes.BadInput, code);
                Assert.Contains(reason, errors);
                Assert.Single(errors.TrimEnd().Split('\n'));
            }
        }
    }

    [Fact]
    public void Export_writes_the_stages_of_a_training()
    {
        var (code, output, _) = Run(Dots, "export", "--teacher", Taught(), "--steps", "60", "--stages", "2", "--class", "Mine", "--out", _folder["Mine.cs"]);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("source: " + _folder["Mine.cs"], output);
        var source = File.ReadAllText(_folder["Mine.cs"]);
        Assert.Contains("public sealed partial class Mine1", source);
        Assert.Contains("/// <summary>From step 50 of 60 on.</summary>", source);
        Assert.DoesNotContain("Mine2", source);
    }

    [Fact]
    public void Export_takes_the_settings_of_the_teachers_run_and_says_where_others_are_given()
    {
        Run(Dots, "teach", "--steps", "40", "--runs", _folder["runs"]);
        var teacher = Path.Combine(Assert.Single(Directory.GetDirectories(_folder["runs"])), "teacher.l2t");

        var (code, _, remarks) = Run(Dots, "export", "--teacher", teacher, "--stages", "1", "--out", _folder["A.cs"]);
        Assert.Equal((ExitCodes.Success, ""), (code, remarks));
        Assert.Contains("over 40 steps of training, in one stage: they", File.ReadAllText(_folder["A.cs"]));

        (_, _, remarks) = Run(Dots, "export", "--teacher", teacher, "--steps", "50", "--out", _folder["B.cs"]);
        Assert.Contains("Steps was 40 and is 50", remarks);
        (code, _, remarks) = Run(Dots, "export", "--teacher", teacher, "--steps", "50", "--out", _folder["B.cs"]);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("is there already", remarks);

        // A run of another experiment has settings that this one need not know.
        (code, _, remarks) = Run(Deeper, "export", "--teacher", teacher, "--out", _folder["C.cs"]);
        Assert.Equal(ExitCodes.Success, code);
        Assert.Contains("Steps was 40 and is 30", remarks);
        Assert.Contains("Experiment was ", remarks);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(teacher)!, "run.json"), "{ half");
        Assert.Contains("Steps was 40 and is 60", Run(Dots, "export", "--teacher", teacher, "--out", _folder["D.cs"]).Errors);

        // What a teaching began with is no setting of its students.
        Run(Dots, "transfer", "--teacher", teacher, "--teach", "--episodes", "1", "--runs", _folder["further"]);
        var further = Path.Combine(Assert.Single(Directory.GetDirectories(_folder["further"])), "teacher.l2t");
        Assert.Equal("", Run(Dots, "export", "--teacher", further, "--out", _folder["E.cs"]).Errors);
        Assert.Contains("over 50 steps of training, in 2 stages: within a stage they", File.ReadAllText(_folder["B.cs"]));
    }

    [Theory]
    [InlineData("export", "--teacher FILE")]
    [InlineData("export --teacher x --class 1st", "It must be a name of C#")]
    [InlineData("export --teacher x --class class", "--class is 'class'. It must be a name of C# that a class can have")]
    [InlineData("export --teacher x --class record", "--class is 'record'.")]
    [InlineData("export --teacher x --namespace A.int.B", "--namespace is 'A.int.B'. It must be names of C#, no keywords")]
    [InlineData("export --teacher x --namespace A.", "with points between them")]
    [InlineData("export --teacher x --stages 0", "--stages is 0. It must be at least 1.")]
    [InlineData("transfer --teacher nowhere.l2t", "nowhere.l2t")]
    public void A_fault_is_one_line_and_code_2(string line, string expected)
    {
        var (code, _, errors) = Run(Dots, line.Split(' '));

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(expected, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static double Bilinear(int stage, Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var form = new BilinearLoss(3);
        using var coefficients = new TensorBlock(((ITensorModule)form).Layout, ScalarType.Float64, CPU);
        new ParameterSet(coefficients.Layout, Stages[stage]).CopyTo(coefficients);
        coefficients.LendTo(form);
        return form.Loss(logits.to(ScalarType.Float64), labels).item<double>();
    }

    private static IReadOnlyList<TensorSlot> Layout() => ((ITensorModule)new BilinearLoss(3)).Layout;

    private string Taught()
    {
        var path = _folder["taught.l2t"];
        Dots().Teach().Save(path);
        return path;
    }

    private static DotsExperiment Dots() => new() { Data = Data, Steps = 60, Episodes = 3, BatchSize = 16, TeacherLearningRate = 0.05 };

    private static DeeperExperiment Deeper() => new() { Data = Data, Steps = 30, Episodes = 2, BatchSize = 16 };

    private static (int Code, string Output, string Errors) Run<TExperiment>(Func<TExperiment> create, params string[] args) where TExperiment : LossTeacherExperiment
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ExperimentCommandLine.Run(args, create, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
