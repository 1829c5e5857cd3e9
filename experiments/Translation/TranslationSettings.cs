using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace L2T.Experiments.Translation;

/// <summary>The command line of the demo. What the library itself checks, such as batch sizes, is left to it.</summary>
internal sealed class TranslationSettings : CommandSettings
{
    [CommandOption("--data <FOLDER>")]
    [Description("The help of LibreOffice, as 'fetch libreoffice-help' leaves it; or a folder with train, valid and test, each in .de and .en.")]
    public string Data { get; init; } = "";

    [CommandOption("--student <NAME>")]
    [Description("lstm-1, lstm-2 or transformer.")]
    [DefaultValue("lstm-1")]
    public string Student { get; init; } = "lstm-1";

    [CommandOption("--width <N>")]
    [Description("The size of embeddings and states; for the Transformer a multiple of 4, its heads.")]
    [DefaultValue(96)]
    public int Width { get; init; }

    [CommandOption("--merges <N>")]
    [Description("Subwords to learn, for both languages together.")]
    [DefaultValue(2000)]
    public int Merges { get; init; }

    [CommandOption("--source-length <N>")]
    [Description("Tokens of a source with its end, at most; longer sentences are left out and counted.")]
    [DefaultValue(20)]
    public int SourceLength { get; init; }

    [CommandOption("--target-length <N>")]
    [Description("Tokens of a translation with its end, at most.")]
    [DefaultValue(18)]
    public int TargetLength { get; init; }

    [CommandOption("--dev <N>")]
    [Description("Pairs held back from training that the teacher learns from, beside the validation part, which tells the best teacher.")]
    [DefaultValue(600)]
    public int Dev { get; init; }

    [CommandOption("--test <N>")]
    [Description("Pairs of the test part that are translated, at most.")]
    [DefaultValue(500)]
    public int Test { get; init; }

    [CommandOption("--seeds <N>")]
    [Description("Students trained with each loss.")]
    [DefaultValue(3)]
    public int Seeds { get; init; }

    [CommandOption("--seed <N>")]
    [Description("The first of them; the teacher has another seed, and so has tuning.")]
    [DefaultValue(0)]
    public int Seed { get; init; }

    [CommandOption("--steps <N>")]
    [Description("Steps of a student's training.")]
    [DefaultValue(1500)]
    public int Steps { get; init; }

    [CommandOption("--batch <N>")]
    [Description("Pairs in a step, of the longest; of shorter ones as many as have as many tokens.")]
    [DefaultValue(48)]
    public int Batch { get; init; }

    [CommandOption("--buckets <N>")]
    [Description("Lengths that batches are cut to, at most; with 1 all are filled up to the longest.")]
    [DefaultValue(4)]
    public int Buckets { get; init; }

    [CommandOption("--measure-buckets <N>")]
    [Description("Teach nothing; time training, and the way back through it, on so many pairs in these buckets and in one shape, in turn.")]
    public int? MeasuredPairs { get; init; }

    /// <summary>Tokens of a side in a batch, padding included.</summary>
    public int TokensPerBatch => Batch * Math.Max(SourceLength, TargetLength);

    [CommandOption("--rates <LIST>")]
    [Description("The learning rates (Adam) to choose from, for each loss, by development error.")]
    [DefaultValue("0.003,0.006")]
    public string RateList { get; init; } = "";

    [CommandOption("--losses <LIST>")]
    [Description("The fixed losses that are compared with the taught one; the first is the reference.")]
    [DefaultValue("TokenCrossEntropy,TokenLabelSmoothing,TokenLargeMargin,TokenSmoothZeroOne")]
    public string LossList { get; init; } = "";

    [CommandOption("--taught-steps <N>")]
    [Description("Steps of the trainings that the teacher learns from.")]
    [DefaultValue(150)]
    public int TaughtSteps { get; init; }

    [CommandOption("--episodes <N>")]
    [Description("Trainings that the teacher learns from.")]
    [DefaultValue(20)]
    public int Episodes { get; init; }

    [CommandOption("--teacher-rate <RATE>")]
    [Description("Learning rate of the teacher (Adam).")]
    [DefaultValue(0.02)]
    public double TeacherRate { get; init; }

    [CommandOption("--beam <N>")]
    [Description("Beams of the search; 1 is greedy.")]
    [DefaultValue(4)]
    public int Beam { get; init; }

    [CommandOption("--json")]
    [Description("Print one JSON object a line instead of the table.")]
    public bool Json { get; init; }

    /// <summary>The losses of <see cref="LossList"/>.</summary>
    public IReadOnlyList<string> Losses => LossList.Split(',');

    /// <summary>The learning rates of <see cref="RateList"/>.</summary>
    public IReadOnlyList<double> Rates => [.. RateList.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        foreach (var (name, value) in new[]
        {
            ("--width", Width), ("--merges", Merges), ("--dev", Dev), ("--test", Test), ("--seeds", Seeds), ("--steps", Steps), ("--batch", Batch), ("--buckets", Buckets),
            ("--taught-steps", TaughtSteps), ("--episodes", Episodes), ("--beam", Beam),
        })
        {
            if (value < 1)
                return ValidationResult.Error($"{name} is {value}. It must be at least 1.");
        }
        if (MeasuredPairs < Batch)
            return ValidationResult.Error($"--measure-buckets is {MeasuredPairs}. It must be at least --batch.");
        if (Student is not ("lstm-1" or "lstm-2" or "transformer"))
            return ValidationResult.Error($"--student is {Student}. It must be lstm-1, lstm-2 or transformer.");
        if (Student == "transformer" && Width % Translators.Heads != 0)
            return ValidationResult.Error($"--width is {Width}. For the Transformer it must be a multiple of {Translators.Heads}.");
        if (SourceLength < 2 || TargetLength < 4)
            return ValidationResult.Error("--source-length must be at least 2, --target-length at least 4.");
        foreach (var rate in RateList.Split(','))
        {
            if (!double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value is not (> 0 and < double.PositiveInfinity))
                return ValidationResult.Error($"--rates: '{rate}' is no positive number. Separate learning rates by commas: 0.003,0.006.");
        }
        return TeacherRate is > 0 and < double.PositiveInfinity
            ? ValidationResult.Success()
            : ValidationResult.Error(FormattableString.Invariant($"--teacher-rate is {TeacherRate}. It must be positive."));
    }
}
