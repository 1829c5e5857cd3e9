using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Digits;

/// <summary>The command line of the demo. What the library itself checks, such as batch sizes, is left to it.</summary>
internal sealed class DemoSettings : CommandSettings
{
    [CommandOption("--data <WHAT>")]
    [Description("fashion (Fashion-MNIST at 14x14), digits (8x8), a CSV file like digits.csv.gz, or a folder with the four idx files of MNIST.")]
    [DefaultValue("fashion")]
    public string Data { get; init; } = "fashion";

    [CommandOption("--seeds <N>")]
    [Description("Repetitions: each has a split into training and development examples, a teacher and students of its own.")]
    [DefaultValue(10)]
    public int Seeds { get; init; }

    [CommandOption("--seed <N>")]
    [Description("The first of them; tuning has other seeds, derived from it.")]
    [DefaultValue(0)]
    public int Seed { get; init; }

    [CommandOption("--students <N>")]
    [Description("Students trained with each loss in each repetition, whose errors are averaged.")]
    [DefaultValue(3)]
    public int Students { get; init; }

    [CommandOption("--tuning-seeds <N>")]
    [Description("Repetitions on which the learning rate of each loss is chosen, by development error.")]
    [DefaultValue(2)]
    public int TuningSeeds { get; init; }

    [CommandOption("--rates <LIST>")]
    [Description("The learning rates to choose from.")]
    [DefaultValue("0.1,0.2,0.4,0.8,1.6,3.2,6.4")]
    public string RateList { get; init; } = "";

    [CommandOption("--train <N>")]
    [Description("Training examples. Default 3000; 450 for digits.")]
    public int? Train { get; init; }

    [CommandOption("--dev <N>")]
    [Description("Development examples, of which a quarter is held out to tell the best teacher. Default 3000; 898 for digits.")]
    public int? Dev { get; init; }

    [CommandOption("--label-noise <SHARE>")]
    [Description("Share of the training labels moved to the next class. All others stay right, and the split is the same in every episode.")]
    [DefaultValue(0.0)]
    public double LabelNoise { get; init; }

    [CommandOption("--hidden <N>")]
    [Description("Hidden units of the student.")]
    [DefaultValue(32)]
    public int Hidden { get; init; }

    [CommandOption("--steps <N>")]
    [Description("Steps of a student's training.")]
    [DefaultValue(100)]
    public int Steps { get; init; }

    [CommandOption("--batch <N>")]
    [Description("Examples in a step.")]
    [DefaultValue(32)]
    public int Batch { get; init; }

    [CommandOption("--episodes <N>")]
    [Description("Students that a teacher learns from.")]
    [DefaultValue(100)]
    public int Episodes { get; init; }

    [CommandOption("--teacher-rate <RATE>")]
    [Description("Learning rate of the teacher (Adam).")]
    [DefaultValue(0.005)]
    public double TeacherRate { get; init; }

    [CommandOption("--threads <N>")]
    [Description("Trainings at a time. Default: one a core. Changes no figure.")]
    public int? Threads { get; init; }

    [CommandOption("--json")]
    [Description("Print one JSON object a line instead of the table; errors are shares (0.25 is 25 %).")]
    public bool Json { get; init; }

    [CommandOption("--quiet")]
    [Description("Print no progress.")]
    public bool Quiet { get; init; }

    /// <summary>The learning rates of <see cref="RateList"/>.</summary>
    public IReadOnlyList<double> Rates => [.. RateList.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        foreach (var (name, value) in new (string, int?)[]
        {
            ("--seeds", Seeds), ("--students", Students), ("--tuning-seeds", TuningSeeds), ("--train", Train), ("--dev", Dev), ("--hidden", Hidden),
            ("--steps", Steps), ("--batch", Batch), ("--episodes", Episodes), ("--threads", Threads),
        })
        {
            if (value is < 1)
                return ValidationResult.Error($"{name} is {value}. It must be at least 1.");
        }
        foreach (var rate in RateList.Split(','))
        {
            if (!double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value is not (> 0 and < double.PositiveInfinity))
                return ValidationResult.Error($"--rates: '{rate}' is no positive number. Separate learning rates by commas: 0.1,0.2,0.4.");
        }
        if (TeacherRate is not (> 0 and < double.PositiveInfinity))
            return ValidationResult.Error(FormattableString.Invariant($"--teacher-rate is {TeacherRate}. It must be positive."));
        return LabelNoise is >= 0 and < 1
            ? ValidationResult.Success()
            : ValidationResult.Error(FormattableString.Invariant($"--label-noise is {LabelNoise}. It must be at least 0 and less than 1."));
    }
}
