using System.CommandLine;
using System.Globalization;
using L2T.Dsl.Experiments.Reports;
using L2T.Dsl.Experiments.Runs;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Experiments.Sweeps;
using L2T.Dsl.Experiments.TensorBoard;
using L2T.Dsl.Metrics;
using L2T.Dsl.Reporting;
using L2T.Dsl.Training;
using TorchSharp;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>The commands of an experiment, and what they do.</summary>
internal sealed partial class ExperimentCommands
{
    // What was made in a run is looked at as it was made there.
    private const string OfItsRun = "Settings are those of the run in whose folder the file lies, unless --config says others.";

    private readonly LossTeacherExperiment _experiment;
    private readonly Func<LossTeacherExperiment> _create;
    private readonly ExperimentSettings _settings;
    private readonly TextWriter _output;
    private readonly TextWriter _remarks;
    private readonly CancellationToken _cancellation;
    private readonly List<(string Name, Option<string> Option)> _settingOptions = [];
    private readonly Option<string> _config = new("--config") { Description = "A JSON file of settings, over which options are set.", HelpName = "file" };
    private readonly Option<string> _runs = new("--runs") { Description = "Where the folders of runs are.", HelpName = "folder", DefaultValueFactory = _ => "runs" };
    private readonly Option<string> _name = new("--name") { Description = "The end of the folder's name.", HelpName = "name" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Says nothing of the progress." };
    private readonly Option<string> _teacher = new("--teacher") { Description = "The file of a taught teacher.", HelpName = "file" };
    private readonly Option<string> _loss = new("--loss") { Description = "A fixed loss to train with in place of a teacher.", HelpName = "name" };
    private readonly Option<int?> _longer = new("--episodes") { Description = "Of a teaching: up to so many in all, more than it was begun with.", HelpName = "number" };
    private readonly Argument<string> _run = new("run") { Description = "The folder of a run." };
    private readonly Argument<string[]> _reported = new("run") { Description = "Folders of runs. [default: all in --runs]", Arity = ArgumentArity.ZeroOrMore };

    /// <param name="create">Makes the experiment, anew at each call.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="remarks">Where what is to be known of them goes, beside what programs read.</param>
    /// <param name="cancellation">Ends a command between two steps of training.</param>
    public ExperimentCommands(Func<LossTeacherExperiment> create, TextWriter output, TextWriter remarks, CancellationToken cancellation)
    {
        var experiment = create();
        _experiment = experiment;
        _create = create;
        _output = output;
        _remarks = remarks;
        _cancellation = cancellation;
        _settings = new ExperimentSettings(experiment);
        foreach (var (name, value) in _settings.Resolve(experiment))
        {
            var description = _settings.All.FirstOrDefault(setting => setting.Name == name)?.Description
                ?? $"What trains the student. ({string.Join(", ", ExperimentSettings.OptimizerNames)})";
            AddSetting(name, $"{description} [here: {value}]");
        }
        // Those of optimizers that are not the chosen one.
        foreach (var setting in _settings.All.Where(setting => _settingOptions.All(option => option.Name != setting.Name)))
            AddSetting(setting.Name, setting.Description);
        Option("learning-rate").Aliases.Add("--student.lr");
        Option("teacher-learning-rate").Aliases.Add("--teacher.lr");

        var evaluated = new Option<string>("--student") { Description = "The file of a trained student.", HelpName = "file", Required = true };
        var on = new Option<string>("--on") { Description = "On which examples: train, dev or test.", DefaultValueFactory = _ => "test" };
        on.AcceptOnlyFromAmong("train", "dev", "test");
        var comparing = new CompareOptions(experiment);
        var sweeping = new SweepOptions(_loss);
        Root = new RootCommand($"{experiment.GetType().Name}. [here: ...] is what a setting is without its option. Exit codes: 0 success, 1 a training failed, 2 bad input, 130 stopped by a signal.")
        {
            Command("teach", "Teaches a teacher and trains a student under it.", Teach, [_config, _runs, _name, _quiet], true),
            Command("resume", "Goes on with a teaching or a sweep that was stopped, or with a teaching that ended for more episodes.", Resume, [_longer, _quiet], false, _run),
            Command("train", "Trains a student under a teacher or with a fixed loss.", Train, [_teacher, _loss, _config, _runs, _name], true),
            Command("evaluate", $"Counts a student's errors. {OfItsRun}", parsed => Evaluate(parsed, parsed.GetValue(evaluated)!, parsed.GetValue(on)!), [evaluated, on, _config], true),
            Command(
                "compare",
                "Compares fixed losses and teachers: as many steps, learning rates tuned alike on the development examples, the same seeds.",
                parsed => Compare(parsed, comparing),
                [comparing.Teachers, comparing.Losses, comparing.Reference, comparing.Seeds, comparing.Rates, comparing.TuningSeeds, comparing.Parallel, comparing.Json, _config, _runs, _name, _quiet],
                true),
            Command(
                "sweep",
                "Tries settings, each with a teacher of its own, or with a fixed loss, and ranks them by the errors on held-out or development examples.",
                parsed => RunSweep(parsed, sweeping),
                [.. sweeping.All, _config, _runs, _name, _quiet],
                true),
            Command("summary", "Says what would run: parameters, memory, floating-point operations, settings.", Summary, [_config], true),
            Command("report", "Writes the report of a run again; of several or none, one across runs.", Report, [_runs], false, _reported),
        };
        foreach (var command in TeacherCommands())
            Root.Add(command);
    }

    /// <summary>What parses the arguments.</summary>
    public RootCommand Root { get; }

    private Command Command(string name, string description, Func<ParseResult, int> action, Option[] options, bool hasSettings, Argument? argument = null)
    {
        var command = new Command(name, description);
        foreach (var option in options.Concat(hasSettings ? _settingOptions.Select(pair => pair.Option) : []))
            command.Options.Add(option);
        if (argument is not null)
            command.Arguments.Add(argument);
        command.SetAction(action);
        return command;
    }

    private void AddSetting(string name, string description) =>
        _settingOptions.Add((name, new Option<string>("--" + name) { Description = description, HelpName = "value" }));

    // Of a setting, or of another spelling of its option.
    private string NameOf(string given)
    {
        var name = Names.Kebab(given);
        return _settingOptions.FirstOrDefault(option => option.Option.Aliases.Contains("--" + name)).Name ?? name;
    }

    private Option<string> Option(string name) => _settingOptions.First(option => option.Name == name).Option;

    // Faults of settings are said before anything is written.
    private RunFolder Begin(ParseResult parsed)
    {
        Configure(parsed);
        _experiment.PlanMemory();
        var name = parsed.GetValue(_name) is { } given ? RunFolder.FileName(given) : parsed.CommandResult.Command.Name;
        return RunFolder.Create(parsed.GetValue(_runs)!, name, parsed.CommandResult.Command.Name, [.. parsed.Tokens.Select(token => token.Value)], ExperimentName, _settings.Resolve(_experiment));
    }

    private void ConfigureAsRunOf(ParseResult parsed, string file)
    {
        var values = new Dictionary<string, string>();
        if (parsed.GetValue(_config) is null && RunFolder.Around(file, ExperimentName) is { } folder)
        {
            Read(folder.Config, values);
            var trial = Sweep.IsIn(folder) ? Sweep.Load(folder).Trials.FirstOrDefault(trial => SweepRun.TeacherPath(folder, trial) == Path.GetFullPath(file)) : null;
            foreach (var (name, value) in trial?.Settings ?? new Dictionary<string, string>())
                values[name] = value;
        }
        Configure(parsed, values);
    }

    private void Configure(ParseResult parsed) => Configure(parsed, []);

    private void Configure(ParseResult parsed, Dictionary<string, string> values)
    {
        if (parsed.GetValue(_config) is { } file)
            Read(file, values);
        foreach (var (name, option) in _settingOptions)
        {
            if (parsed.GetValue(option) is { } value)
                values[name] = value;
        }
        _settings.Apply(_experiment, values);
    }

    private void Read(string file, Dictionary<string, string> values)
    {
        foreach (var (name, value) in _settings.ReadFile(file))
            values[name] = value;
    }

    private string ExperimentName => _experiment.GetType().FullName!;

    private int Teach(ParseResult parsed) => Teach(Begin(parsed), null, parsed.GetValue(_quiet));

    private int Resume(ParseResult parsed)
    {
        var folder = RunFolder.Open(parsed.GetValue(_run)!);
        var longer = parsed.GetValue(_longer);
        var isSweep = Sweep.IsIn(folder);
        if (isSweep && longer is not null)
            throw new L2TException($"'{folder.Path}' is a sweep, whose trials have their number of episodes. Leave --episodes out.");
        folder.RequireTeaching();
        var settings = _settings.ReadFile(folder.Config);
        _settings.Apply(_experiment, settings);
        if (isSweep)
            return RunSweep(Sweep.Load(folder), settings, folder, parsed.GetValue(_quiet));
        // The one before, where the last is missing or damaged.
        var teacher = AtomicFile.Exists(folder.Teacher) ? AtomicFile.Read(folder.Teacher, LearnedTeacher.Load) : null;
        StartFrom(folder);
        if (longer is { } episodes)
            Extend(folder, teacher, episodes);
        if (teacher?.Episodes >= _experiment.Episodes && !parsed.GetValue(_quiet))
            _output.WriteLine($"All {teacher.Episodes} episodes are taught; a greater number as --episodes teaches more.");
        return Teach(folder, teacher, parsed.GetValue(_quiet));
    }

    // Kept with the run, so that it can be stopped again.
    private void Extend(RunFolder folder, LearnedTeacher? teacher, int episodes)
    {
        if (episodes < _experiment.Episodes)
            throw new L2TException(FormattableString.Invariant($"--episodes is {episodes}. It must be at least the {_experiment.Episodes} that the teaching has."));
        if (teacher?.State.Best is { } best && best.IsFinal(_experiment.Patience, teacher.Episodes))
            throw new L2TException($"The teaching ended for want of a better held-out error: patience is {_experiment.Patience}, and more episodes would not be taught. Teach anew with another --patience.");
        _settings.Apply(_experiment, new Dictionary<string, string> { ["episodes"] = episodes.ToString(CultureInfo.InvariantCulture) });
        if (teacher is not null)
            _experiment.RequireResumable(teacher);
        folder.WriteSettings(_settings.Resolve(_experiment));
    }

    private int Teach(RunFolder folder, LearnedTeacher? earlier, bool quiet)
    {
        _experiment.GetType().GetProperty(nameof(LossTeacherExperiment.CheckpointPath))!.SetValue(_experiment, folder.Teacher);
        using var log = new MetricsLog(folder, earlier?.History ?? []);
        var observer = new TeachingObserver(log, quiet ? null : _output, earlier?.Episodes ?? 0);
        LearnedTeacher teacher;
        try
        {
            teacher = earlier is null ? _experiment.Teach(observer, _cancellation) : _experiment.Resume(earlier, observer, _cancellation);
        }
        catch (TeachingCanceledException e)
        {
            _output.WriteLine($"Stopped after {e.Learned.Episodes} episodes. To go on: resume {folder.Path}");
            throw;
        }
        catch (TeacherNotSavedException e)
        {
            var saved = AtomicFile.Exists(folder.Teacher) ? "The teacher that was saved before is whole" : "None was saved before";
            throw new L2TException($"{e.InnerException!.Message} {saved}. Make room, then go on: resume {folder.Path}", e);
        }
        teacher.Save(folder.Teacher);
        return Finish(folder, teacher, _experiment.Train(teacher, _experiment.Seed, cancellation: _cancellation));
    }

    private int Finish(RunFolder folder, LearnedTeacher? teacher, TrainedStudent student)
    {
        student.Save(folder.Student);
        StudentEvents.Write(folder["student"], student);
        _output.WriteLine($"development error {_experiment.Data.Train.Measure.Text(student.DevError).TrimStart()}");
        Report(folder, teacher, [student]);
        return ExitCodes.Success;
    }

    /// <summary>Refuses a name that no fixed loss of an experiment has.</summary>
    /// <exception cref="L2TException">None has it.</exception>
    public static void RequireLoss(LossTeacherExperiment experiment, string name)
    {
        if (!experiment.FixedLosses.Contains(name))
            throw new L2TException($"There is no loss '{name}'.{Names.Suggestion(name, experiment.FixedLosses)} There are: {string.Join(", ", experiment.FixedLosses)}.");
    }

    private int Train(ParseResult parsed)
    {
        var (path, loss) = (parsed.GetValue(_teacher), parsed.GetValue(_loss));
        if (path is null == loss is null)
            throw new L2TException($"Say what to train with: --teacher FILE, or --loss and one of {string.Join(", ", _experiment.FixedLosses)}.");
        var teacher = path is null ? null : LearnedTeacher.Load(path);
        if (loss is not null)
            RequireLoss(_experiment, loss);
        var folder = Begin(parsed);
        if (teacher is not null)
            SayDifferences(path!, _experiment.Fit(teacher));
        return Train(folder, teacher, loss);
    }

    private int Train(RunFolder folder, LearnedTeacher? teacher, string? loss) => Finish(folder, teacher, teacher is null
        ? _experiment.Train(loss!, _experiment.Seed, cancellation: _cancellation)
        : _experiment.Train(teacher, _experiment.Seed, cancellation: _cancellation));

    private int Evaluate(ParseResult parsed, string path, string on)
    {
        ConfigureAsRunOf(parsed, path);
        var data = _experiment.Data;
        var (examples, name) = on switch
        {
            "train" => (data.Train, "training"),
            "dev" => (data.Dev, "development"),
            _ => (data.Test, "test"),
        };
        var evaluation = _experiment.Evaluate(TrainedStudent.Load(path), examples);
        _output.WriteLine(evaluation.MeanSquaredError is { } error
            ? FormattableString.Invariant($"mean squared error {error:G4} on {evaluation.Examples} {name} examples")
            : FormattableString.Invariant(
                $"{100 * evaluation.ErrorRate:F2} % errors: {evaluation.Errors} of {evaluation.Examples} {name} examples"));
        return ExitCodes.Success;
    }

    private int Compare(ParseResult parsed, CompareOptions options)
    {
        // Lines for programs are alone on the output.
        var quiet = parsed.GetValue(_quiet) || parsed.GetValue(options.Json);
        Configure(parsed);
        torch.set_num_threads(1);
        var plan = options.Read(parsed, _experiment);
        var folder = Begin(parsed);
        foreach (var (name, teacher) in plan.Teachers)
            SayDifferences(name, _experiment.Fit(teacher), tunesRate: true);
        var comparison = new LossComparison(_experiment, plan, quiet ? null : _output, _cancellation);
        var result = comparison.Run(out var students);
        foreach (var (row, student) in result.Rows.Zip(students))
            StudentEvents.Write(folder[RunFolder.FileName(row.Loss)], student);
        if (parsed.GetValue(options.Json))
            result.WriteJson(_output);
        else
            result.WriteTable(Consoles.Over(_output));
        using (var json = new StringWriter(CultureInfo.InvariantCulture))
        {
            result.WriteJson(json);
            folder.WriteText("comparison.jsonl", json.ToString());
        }
        RunReport.Write(folder, Title(folder), _settings.Resolve(_experiment), _experiment, plan.Teachers.Select(teacher => teacher.Teacher).FirstOrDefault(), students, result);
        if (!quiet)
            _output.WriteLine($"report: {folder.Report}");
        return ExitCodes.Success;
    }

    private int RunSweep(ParseResult parsed, SweepOptions options)
    {
        Configure(parsed);
        var sweep = options.Read(parsed, _settings, NameOf, _experiment);
        foreach (var (name, option) in _settingOptions.Where(setting => sweep.Trials[0].Settings.ContainsKey(setting.Name)))
        {
            if (parsed.GetValue(option) is { } value)
                throw new L2TException($"--{name} {value} is given, and {name} is swept, so that no trial would have it. Leave one of the two out.");
        }
        var common = _settings.Resolve(_experiment);
        Sweeper().Check(sweep, common);
        return RunSweep(sweep, common, Begin(parsed), parsed.GetValue(_quiet));
    }

    private int RunSweep(Sweep sweep, IReadOnlyDictionary<string, string> common, RunFolder folder, bool quiet)
    {
        sweep = Sweeper().Run(sweep, common, folder, quiet);
        Report(folder, common, sweep, quiet);
        return sweep.Ranked.Count > 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private void Report(RunFolder folder, IReadOnlyDictionary<string, string> common, Sweep sweep, bool quiet = false)
    {
        RunReport.Write(folder, Title(folder), common, sweep);
        if (!quiet)
            _output.WriteLine($"report: {folder.Report}");
    }

    private SweepCommand Sweeper() => new(_create, _settings, _output, _cancellation);

    private int Summary(ParseResult parsed)
    {
        Configure(parsed);
        _output.WriteLine($"{_experiment.GetType().Name}, {_experiment.Data.Train.Name}: {_experiment.Data.Train.Count} training, {_experiment.Data.Dev.Count} development, {_experiment.Data.Test.Count} test examples");
        Layout("student", _experiment.StudentLayout);
        Layout("coefficients", _experiment.CoefficientLayout);
        Layout("teacher", _experiment.TeacherLayout);
        _output.WriteLine($"state features: {_experiment.StateSize}");
        _output.WriteLine($"fixed losses: {string.Join(", ", _experiment.FixedLosses)}");
        _output.WriteLine(_experiment.PlanMemory());
        _output.WriteLine($"a batch of {_experiment.BatchSize}: {_experiment.CountFlops()}");
        foreach (var (name, value) in _settings.Resolve(_experiment))
            _output.WriteLine($"  --{name} {value}");
        return ExitCodes.Success;

        void Layout(string name, IReadOnlyList<Tensors.TensorSlot> slots)
        {
            _output.WriteLine(FormattableString.Invariant($"{name}: {slots.Sum(slot => slot.Count)} parameters"));
            foreach (var slot in slots)
                _output.WriteLine($"  {slot}");
        }
    }

    private int Report(ParseResult parsed)
    {
        var named = parsed.GetValue(_reported) ?? [];
        if (named.Length == 1)
            return Report(Open(named[0]));
        var path = named.Length == 0
            ? RunsReport.Write(RunsReport.In(parsed.GetValue(_runs)!), parsed.GetValue(_runs)!)
            : RunsReport.Write(named, Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(named[0])))!);
        _output.WriteLine($"report: {path}");
        return ExitCodes.Success;
    }

    private int Report(RunFolder folder)
    {
        var teacher = File.Exists(folder.Teacher) ? LearnedTeacher.Load(folder.Teacher) : null;
        if (Sweep.IsIn(folder))
        {
            Report(folder, _settings.ReadFile(folder.Config), Sweep.Load(folder));
            return ExitCodes.Success;
        }
        IReadOnlyList<TrainedStudent> students = File.Exists(folder.Student) ? [TrainedStudent.Load(folder.Student)] : [];
        if (teacher is not null || students.Count > 0)
            Report(folder, teacher, students);
        else if (RunReport.WriteAgain(folder))
            _output.WriteLine($"report: {folder.Report}");
        else
            throw new L2TException($"'{folder.Path}' holds neither teacher.l2t nor student.l2t nor {RunReport.File}: there is nothing to report.");
        return ExitCodes.Success;
    }

    private RunFolder Open(string path)
    {
        var folder = RunFolder.Open(path);
        _settings.Apply(_experiment, _settings.ReadFile(folder.Config));
        return folder;
    }

    private void Report(RunFolder folder, LearnedTeacher? teacher, IReadOnlyList<TrainedStudent> students)
    {
        RunReport.Write(folder, Title(folder), _settings.Resolve(_experiment), _experiment, teacher, students);
        _output.WriteLine($"report: {folder.Report}");
    }

    private string Title(RunFolder folder) => $"{_experiment.GetType().Name}: {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path))}";
}
