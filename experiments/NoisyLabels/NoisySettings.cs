using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.NoisyLabels;

/// <summary>The command line. What the library itself checks, such as batch sizes, is left to it.</summary>
internal sealed class NoisySettings : CommandSettings
{
    [CommandOption("--data <WHAT>")]
    [Description("digits (8x8 pixels) or fashion (Fashion-MNIST at 14x14).")]
    [DefaultValue("digits")]
    public string Data { get; init; } = "digits";

    [CommandOption("--seeds <N>")]
    [Description("Repetitions: each has a split, wrong labels, a teacher and students of its own.")]
    [DefaultValue(5)]
    public int Seeds { get; init; }

    [CommandOption("--seed <N>")]
    [Description("The first of them.")]
    [DefaultValue(0)]
    public int Seed { get; init; }

    [CommandOption("--noise <SHARE>")]
    [Description("Share of the training labels that are drawn anew, uniformly from all classes.")]
    [DefaultValue(0.4)]
    public double Noise { get; init; }

    [CommandOption("--train <N>")]
    [Description("Training examples.")]
    [DefaultValue(1000)]
    public int Train { get; init; }

    [CommandOption("--dev <N>")]
    [Description("Clean development examples, which teach the teacher.")]
    [DefaultValue(200)]
    public int Dev { get; init; }

    [CommandOption("--hidden <N>")]
    [Description("Hidden units of the students.")]
    [DefaultValue(256)]
    public int Hidden { get; init; }

    [CommandOption("--steps <N>")]
    [Description("Steps of a student's training.")]
    [DefaultValue(2500)]
    public int Steps { get; init; }

    [CommandOption("--warm-start <N>")]
    [Description("Steps by plain cross-entropy before them, for every loss: where nothing is learned yet, losses say nothing of labels.")]
    [DefaultValue(300)]
    public int WarmStart { get; init; }

    [CommandOption("--batch <N>")]
    [Description("Examples in a step.")]
    [DefaultValue(100)]
    public int Batch { get; init; }

    [CommandOption("--meta-batch <N>")]
    [Description("Development examples on which a step of look-ahead is judged.")]
    [DefaultValue(100)]
    public int MetaBatch { get; init; }

    [CommandOption("--rate <RATE>")]
    [Description("Learning rate of the students of the taught weights and of cross-entropy beside them (momentum 0.9, falling along half a cosine).")]
    [DefaultValue(0.1)]
    public double Rate { get; init; }

    [CommandOption("--rates <LIST>")]
    [Description("The learning rates that cross-entropy has its own chosen from, by development error.")]
    [DefaultValue("0.003,0.01,0.03,0.1,0.3")]
    public string RateList { get; init; } = "";

    [CommandOption("--teacher-rate <RATE>")]
    [Description("Learning rate of the teacher (Adam).")]
    [DefaultValue(0.001)]
    public double TeacherRate { get; init; }

    [CommandOption("--episodes <N>")]
    [Description("Students that the teacher learns from, each at all of its steps.")]
    [DefaultValue(1)]
    public int Episodes { get; init; }

    [CommandOption("--json")]
    [Description("Print one JSON object a seed instead of the table; errors are shares (0.25 is 25 %).")]
    public bool Json { get; init; }

    /// <summary>The learning rates of <see cref="RateList"/>.</summary>
    public IReadOnlyList<double> Rates => [.. RateList.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        foreach (var (name, value) in new[]
        {
            ("--seeds", Seeds), ("--train", Train), ("--dev", Dev), ("--hidden", Hidden), ("--steps", Steps), ("--batch", Batch),
            ("--meta-batch", MetaBatch), ("--episodes", Episodes),
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
        if (WarmStart < 0)
            return ValidationResult.Error($"--warm-start is {WarmStart}. It must be at least 0.");
        foreach (var (name, value) in new[] { ("--rate", Rate), ("--teacher-rate", TeacherRate) })
        {
            if (value is not (> 0 and < double.PositiveInfinity))
                return ValidationResult.Error(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}. It must be positive."));
        }
        if (Data is not ("digits" or "fashion"))
            return ValidationResult.Error($"--data is '{Data}'. It must be digits or fashion.");
        return Noise is > 0 and < 1
            ? ValidationResult.Success()
            : ValidationResult.Error(string.Create(CultureInfo.InvariantCulture, $"--noise is {Noise}. It must be more than 0 and less than 1."));
    }
}
