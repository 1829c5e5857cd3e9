using System.CommandLine;
using System.Text;
using L2T.Dsl.Experiments.Exports;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>What is done with a teacher that was taught elsewhere: it is transferred, or written out as C#.</summary>
internal sealed partial class ExperimentCommands
{
    // A teaching that starts from a teacher has it in its folder, to be resumed.
    private const string Start = "start.l2t";

    private readonly Option<bool> _further = new("--teach") { Description = "Teaches it further here, for --episodes, before a student is trained under it." };
    private readonly Option<int> _stages = new("--stages") { Description = "At most how many stages the training is cut into.", DefaultValueFactory = _ => 10 };
    private readonly Option<string> _class = new("--class") { Description = "The name of the class.", HelpName = "name", DefaultValueFactory = _ => "TaughtLoss" };
    private readonly Option<string> _namespace = new("--namespace") { Description = "Its namespace.", HelpName = "name", DefaultValueFactory = _ => "TaughtLosses" };
    private readonly Option<string> _target = new("--out") { Description = "The file. [default: the class's name with .cs, in the current folder]", HelpName = "file" };

    private IEnumerable<Command> TeacherCommands() =>
    [
        Command(
            "transfer",
            "Trains a student under a teacher that was taught in another experiment, if it fits this one, or teaches it further here.",
            Transfer,
            [_teacher, _further, _config, _runs, _name, _quiet],
            true),
        Command(
            "export",
            $"Writes the loss that a teacher teaches as C#: loss forms of constants, one for each stage of the training. {OfItsRun}",
            Export,
            [_teacher, _stages, _class, _namespace, _target, _config],
            true),
    ];

    private int Transfer(ParseResult parsed)
    {
        Configure(parsed);
        var teacher = FittingTeacher(parsed, out var fit);
        if (!parsed.GetValue(_quiet))
            Say(_output, $"The teacher fits. {(fit.Differences.Count == 0 ? "All else is as where it was taught." : "Other than where it was taught:")}", fit.Differences);
        var folder = Begin(parsed);
        teacher.Save(folder[Start]);
        if (!parsed.GetValue(_further))
            return Train(folder, teacher, null);
        StartFrom(folder);
        return Teach(folder, null, parsed.GetValue(_quiet));
    }

    private int Export(ParseResult parsed)
    {
        var (name, space, stages) = (parsed.GetValue(_class)!, parsed.GetValue(_namespace)!, parsed.GetValue(_stages));
        if (!CSharpName.IsOfType(name))
            throw new L2TException($"--class is '{name}'. It must be a name of C# that a class can have: letters, digits and _, no digit in front, no keyword.");
        if (!space.Split('.').All(CSharpName.IsValid))
            throw new L2TException($"--namespace is '{space}'. It must be names of C#, no keywords, with points between them.");
        if (stages < 1)
            throw new L2TException(FormattableString.Invariant($"--stages is {stages}. It must be at least 1."));
        var path = parsed.GetValue(_target) ?? name + ".cs";
        if (File.Exists(path))
            throw new L2TException($"'{path}' is there already, and may have been changed. Write to another file with --out, or delete it.");
        ConfigureAsRunOf(parsed, TeacherPath(parsed));
        var teacher = FittingTeacher(parsed, out var fit);
        SayDifferences(parsed.GetValue(_teacher)!, fit);
        var student = _experiment.Train(teacher, _experiment.Seed, cancellation: _cancellation);
        var origin = FormattableString.Invariant(
            $"The loss that {Path.GetFileName(parsed.GetValue(_teacher))} taught a student of {_experiment.GetType().Name}, seed {_experiment.Seed}. Made by 'export'; change it as you like.");
        var text = TaughtLossSource.Of(_experiment, student.Coefficients, stages, name, space, origin);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
        _output.WriteLine($"source: {path}");
        return ExitCodes.Success;
    }

    private LearnedTeacher FittingTeacher(ParseResult parsed, out TeacherFit fit)
    {
        var teacher = LearnedTeacher.Load(TeacherPath(parsed));
        fit = _experiment.Fit(teacher);
        fit.Require();
        return teacher;
    }

    private string TeacherPath(ParseResult parsed) => parsed.GetValue(_teacher) ?? throw new L2TException("Say which teacher: --teacher FILE.");

    // What a teacher teaches under other settings is no worse for it, but another thing.
    private void SayDifferences(string name, TeacherFit fit, bool tunesRate = false)
    {
        var differences = fit.DifferencesForStudents(tunesRate);
        if (differences.Count > 0)
            Say(_remarks, $"{name} was taught with other settings:", differences);
    }

    private static void Say(TextWriter writer, string heading, IEnumerable<string> lines)
    {
        writer.WriteLine(heading);
        foreach (var line in lines)
            writer.WriteLine($"  {line}");
    }

    // Where a teaching started from a teacher, it goes on from the same.
    private void StartFrom(RunFolder folder)
    {
        if (File.Exists(folder[Start]))
            _experiment.GetType().GetProperty(nameof(LossTeacherExperiment.TeacherStart))!.SetValue(_experiment, LearnedTeacher.Load(folder[Start]).Parameters);
    }
}
