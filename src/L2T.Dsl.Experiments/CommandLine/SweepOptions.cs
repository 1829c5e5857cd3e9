using System.CommandLine;
using L2T.Dsl.Experiments.Settings;
using L2T.Dsl.Experiments.Sweeps;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>The options of <c>sweep</c>.</summary>
/// <param name="loss">The option that names a fixed loss.</param>
internal sealed class SweepOptions(Option<string> loss)
{
    private const int DefaultTrials = 10;

    public Option<string[]> Grid { get; } = new("--grid")
    {
        Description = "Settings of which every value is tried, with every value of the others: learning-rate=0.05,0.1 steps=50,100.",
        HelpName = "name=values",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string[]> Random { get; } = new("--random")
    {
        Description = "Settings that are drawn: teacher-learning-rate=log:1e-3..1e-1 (powers of ten alike), batch-size=16..64, schedule=linear,cosine.",
        HelpName = "name=range",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int?> Trials { get; } = new("--trials") { Description = $"Draws of --random, the same at each point of --grid. [default: {DefaultTrials}]", HelpName = "number" };

    public Option<int> Seeds { get; } = new("--seeds") { Description = "Students of each trial, from --seed on.", DefaultValueFactory = _ => 1 };

    public Option<int> Parallel { get; } = new("--parallel") { Description = "Trials at once, each on one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };

    /// <summary>All of them.</summary>
    public Option[] All => [Grid, Random, Trials, Seeds, Parallel, loss];

    /// <summary>The sweep that the arguments say, with all trials to be run.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="settings">The settings that there are.</param>
    /// <param name="nameOf">The name of a setting, of which another spelling may be given.</param>
    /// <param name="configured">The experiment with the settings that are the same in all trials.</param>
    /// <exception cref="L2TException">A setting or a loss is unknown, or a value out of range.</exception>
    public Sweep Read(ParseResult parsed, ExperimentSettings settings, Func<string, string> nameOf, LossTeacherExperiment configured)
    {
        var (grid, random) = (parsed.GetValue(Grid) ?? [], parsed.GetValue(Random) ?? []);
        if (grid.Length + random.Length == 0)
            throw new L2TException("Say what to sweep: --grid NAME=VALUE,VALUE for all of some values, --random NAME=LOW..HIGH for draws.");
        var draws = parsed.GetValue(Trials);
        if (random.Length == 0 && draws is not null)
            throw new L2TException("--trials is the number of draws of --random, of which there is none. Leave it out: a grid is tried whole.");
        var space = new SweepSpace(settings, nameOf);
        foreach (var text in grid)
            space.AddGrid(text);
        foreach (var text in random)
            space.AddRandom(text);
        var named = parsed.GetValue(loss);
        if (named is not null)
            ExperimentCommands.RequireLoss(configured, named);
        var points = space.Points(random.Length == 0 ? 1 : AtLeastOne(Trials.Name, draws ?? DefaultTrials), configured.Seed);
        return new Sweep(
            named,
            configured.Data.HeldOut is null ? "dev" : "held-out",
            configured.Data.Train.Measure,
            AtLeastOne(Seeds.Name, parsed.GetValue(Seeds)),
            AtLeastOne(Parallel.Name, parsed.GetValue(Parallel)),
            [.. points.Select((point, i) => new SweepTrial(i + 1, point, TrialState.Pending, [], null, 0))]);
    }

    private static int AtLeastOne(string name, int value) => value >= 1 ? value
        : throw new L2TException(FormattableString.Invariant($"{name} is {value}. It must be at least 1."));
}
