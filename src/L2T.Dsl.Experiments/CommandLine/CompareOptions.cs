using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>The options of <c>compare</c>.</summary>
internal sealed class CompareOptions(LossTeacherExperiment experiment)
{
    public Option<string[]> Teachers { get; } = new("--teachers") { Description = "Files of taught teachers, with spaces between them.", HelpName = "files", AllowMultipleArgumentsPerToken = true };

    public Option<string[]> Losses { get; } = new("--losses")
    {
        Description = $"Fixed losses, with commas or spaces between them: {string.Join(", ", experiment.FixedLosses)}. [default: all]",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. Parts(result)],
    };

    public Option<string> Reference { get; } = new("--reference")
    {
        Description = $"What the others are tested against: a loss, or {LossTeacherExperiment.TaughtLossName}. [default: the first loss]",
        HelpName = "name",
    };

    public Option<int> Seeds { get; } = new("--seeds") { Description = "Students of each loss, from --seed on.", DefaultValueFactory = _ => 10 };

    public Option<double[]> Rates { get; } = new("--rates")
    {
        Description = "Learning rates to choose from by development error, for each loss, with commas or spaces between them. [default: 1/4, 1/2, 1, 2 and 4 times --learning-rate]",
        HelpName = "numbers",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. Parts(result).Select(Rate)],
    };

    public Option<int> TuningSeeds { get; } = new("--tuning-seeds") { Description = "Seeds for the choice, beside those of the comparison.", DefaultValueFactory = _ => 2 };

    public Option<int> Parallel { get; } = new("--parallel") { Description = "Students at once, each on one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON object for each loss in place of the table." };

    // Settings that are lists, of sweeps, are written with commas; a shell's own lists have spaces.
    private static IEnumerable<string> Parts(ArgumentResult result) =>
        result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static double Rate(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
        ? rate
        : throw new L2TException($"--rates has '{text}'. Learning rates are numbers, such as 0.05,0.1,0.2.");

    /// <summary>What the arguments say.</summary>
    /// <exception cref="L2TException">A value is out of range, a loss unknown, or a teacher not to be read.</exception>
    public ComparePlan Read(ParseResult parsed, LossTeacherExperiment configured)
    {
        var losses = parsed.GetValue(Losses) is { Length: > 0 } named ? named : [.. configured.FixedLosses];
        foreach (var loss in losses)
            ExperimentCommands.RequireLoss(configured, loss);
        var teachers = parsed.GetValue(Teachers) ?? [];
        if (losses.Length == 0)
            throw new L2TException("There is no fixed loss to compare with. Name some as Baselines of the Experiment attribute.");
        var rates = parsed.GetValue(Rates) is { Length: > 0 } given ? given : [.. new[] { 0.25, 0.5, 1, 2, 4 }.Select(factor => factor * configured.LearningRate)];
        foreach (var rate in rates.Where(rate => !(rate > 0 && double.IsFinite(rate))))
            throw new L2TException(FormattableString.Invariant($"--rates has {rate}. Learning rates must be positive."));
        string[] taught = [.. teachers.Select(path => teachers.Length == 1 ? LossTeacherExperiment.TaughtLossName : $"{LossTeacherExperiment.TaughtLossName} {path}")];
        var reference = parsed.GetValue(Reference) ?? losses[0];
        if (!losses.Concat(taught).Contains(reference))
            throw new L2TException($"--reference is '{reference}', which is not compared.{Names.Suggestion(reference, losses.Concat(taught))} Compared are: {string.Join(", ", losses.Concat(taught))}.");
        return new ComparePlan(
            losses,
            [.. taught.Zip(teachers, (name, path) => (name, LearnedTeacher.Load(path)))],
            reference,
            AtLeastOne(Seeds), rates, AtLeastOne(TuningSeeds), AtLeastOne(Parallel));

        int AtLeastOne(Option<int> option) => parsed.GetValue(option) is var value && value >= 1 ? value
            : throw new L2TException(FormattableString.Invariant($"{option.Name} is {value}. It must be at least 1."));
    }
}
