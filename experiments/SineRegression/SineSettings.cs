using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.SineRegression;

/// <summary>The command line.</summary>
internal sealed class SineSettings : CommandSettings
{
    // Steps at which fits are compared, as far as students go.
    private static readonly int[] Marks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    [CommandOption("--seeds <N>")]
    [Description("Repetitions: each has a teacher and sines of its own.")]
    [DefaultValue(5)]
    public int Seeds { get; init; }

    [CommandOption("--seed <N>")]
    [Description("The first of them.")]
    [DefaultValue(0)]
    public int Seed { get; init; }

    [CommandOption("--points <N>")]
    [Description("Points of a sine to fit, all of them in every step.")]
    [DefaultValue(20)]
    public int Points { get; init; }

    [CommandOption("--judge-points <N>")]
    [Description("Other points of it, by which the fit is judged.")]
    [DefaultValue(100)]
    public int JudgePoints { get; init; }

    [CommandOption("--steps <N>")]
    [Description("T, the steps of a student in teaching: the teacher is taught to make the error after them small.")]
    [DefaultValue(10)]
    public int Steps { get; init; }

    [CommandOption("--test-steps <N>")]
    [Description("Steps of the students that are compared.")]
    [DefaultValue(50)]
    public int TestSteps { get; init; }

    [CommandOption("--episodes <N>")]
    [Description("Updates of the teacher.")]
    [DefaultValue(200)]
    public int Episodes { get; init; }

    [CommandOption("--rollouts <N>")]
    [Description("Students of an update, each with a random sine and a random start.")]
    [DefaultValue(4)]
    public int Rollouts { get; init; }

    [CommandOption("--rate <RATE>")]
    [Description("Learning rate of the students of the taught loss (plain descent).")]
    [DefaultValue(1.0)]
    public double Rate { get; init; }

    [CommandOption("--rates <LIST>")]
    [Description("The learning rates that the squared error has its own chosen from, for every number of steps.")]
    [DefaultValue("0.01,0.02,0.03,0.05")]
    public string RateList { get; init; } = "";

    [CommandOption("--teacher-rate <RATE>")]
    [Description("Learning rate of the teacher (Adam).")]
    [DefaultValue(0.01)]
    public double TeacherRate { get; init; }

    [CommandOption("--clip <NORM>")]
    [Description("The longest that the teacher's gradient may be.")]
    [DefaultValue(10.0)]
    public double Clip { get; init; }

    [CommandOption("--sines <N>")]
    [Description("Sines that no teacher has seen, each fitted by every loss.")]
    [DefaultValue(20)]
    public int Sines { get; init; }

    [CommandOption("--tuning-sines <N>")]
    [Description("Others, by which the rate of the squared error is chosen.")]
    [DefaultValue(5)]
    public int TuningSines { get; init; }

    [CommandOption("--json")]
    [Description("Print one JSON object a seed instead of the table.")]
    public bool Json { get; init; }

    /// <summary>The learning rates of <see cref="RateList"/>.</summary>
    public IReadOnlyList<double> Rates => [.. RateList.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))];

    /// <summary>The numbers of steps at which fits are compared.</summary>
    public IReadOnlyList<int> Counts => [.. Marks.Where(mark => mark < TestSteps).Append(TestSteps)];

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        foreach (var (name, value) in new[]
        {
            ("--seeds", Seeds), ("--points", Points), ("--judge-points", JudgePoints), ("--steps", Steps), ("--test-steps", TestSteps),
            ("--episodes", Episodes), ("--rollouts", Rollouts), ("--sines", Sines), ("--tuning-sines", TuningSines),
        })
        {
            if (value < 1)
                return ValidationResult.Error($"{name} is {value}. It must be at least 1.");
        }
        foreach (var rate in RateList.Split(','))
        {
            if (!double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value is not (> 0 and < double.PositiveInfinity))
                return ValidationResult.Error($"--rates: '{rate}' is no positive number. Separate learning rates by commas: 0.01,0.03,0.1.");
        }
        foreach (var (name, value) in new[] { ("--rate", Rate), ("--teacher-rate", TeacherRate), ("--clip", Clip) })
        {
            if (!(value > 0))
                return ValidationResult.Error(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}. It must be positive."));
        }
        return ValidationResult.Success();
    }
}
