using System.Globalization;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// What the learning rate is multiplied by, step by step; a function of the step alone, since the way back asks for it again. Conventions are
/// those of <c>torch.optim.lr_scheduler</c>, with one call of its <c>step()</c> for each step of the student. A schedule of one's own is a
/// record derived from this. The text of the others is what <see cref="Parse"/> reads.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>The texts that <see cref="Parse"/> reads.</summary>
    internal const string Texts =
        "constant, linear[:END], cosine[:END], step:EVERY[:GAMMA], milestones:GAMMA:STEP:STEP:..., inverse-square-root:K or warm-up:STEPS:START:SCHEDULE";

    private const double DefaultGamma = 0.1;

    /// <summary>1 at every step.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>
    /// In a straight line from 1 at the first step to <paramref name="end"/> at step T, which is not taken (<c>LinearLR</c> over T steps).
    /// </summary>
    /// <exception cref="L2TException"><paramref name="end"/> is negative or not finite.</exception>
    public static LearningRateSchedule Linear(double end = 0) => new LinearSchedule(Factor(end, nameof(end)));

    /// <summary>
    /// Along half a cosine from 1 at the first step to <paramref name="end"/> at step T, which is not taken: end + (1 - end) (1 + cos(pi t / T)) / 2
    /// (Loshchilov and Hutter 2017; <c>CosineAnnealingLR</c> over T steps).
    /// </summary>
    /// <exception cref="L2TException"><paramref name="end"/> is negative or not finite.</exception>
    public static LearningRateSchedule Cosine(double end = 0) => new CosineSchedule(Factor(end, nameof(end)));

    /// <summary>Multiplied by <paramref name="gamma"/> after every <paramref name="every"/> steps (<c>StepLR</c>).</summary>
    /// <exception cref="L2TException"><paramref name="every"/> is less than 1, or <paramref name="gamma"/> negative or not finite.</exception>
    public static LearningRateSchedule Step(int every, double gamma = DefaultGamma) =>
        new StepSchedule(Count(every, nameof(every)), Factor(gamma, nameof(gamma)));

    /// <summary>Multiplied by <paramref name="gamma"/> at each of the given steps (<c>MultiStepLR</c>).</summary>
    /// <exception cref="L2TException">The steps do not rise, or <paramref name="gamma"/> is negative or not finite.</exception>
    public static LearningRateSchedule Milestones(double gamma, params IReadOnlyList<int> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] <= (i == 0 ? 0 : steps[i - 1]))
                throw new L2TException($"The milestones of a schedule are {string.Join(", ", steps)}. They must rise, from 1 or more.");
        }
        return new MilestoneSchedule(Factor(gamma, nameof(gamma)), [.. steps]);
    }

    /// <summary>
    /// sqrt(k / (k + t)): 1 at the first step, falling with the inverse square root. After a warm-up of k steps this is the schedule of the
    /// Transformer (Vaswani et al. 2017).
    /// </summary>
    /// <exception cref="L2TException"><paramref name="k"/> is less than 1.</exception>
    public static LearningRateSchedule InverseSquareRoot(int k) => new InverseSquareRootSchedule(Count(k, nameof(k)));

    /// <summary>
    /// This schedule after <paramref name="steps"/> steps in which the factor rises in a straight line from <paramref name="start"/> to its own
    /// beginning (<c>SequentialLR</c> of <c>LinearLR</c> and this); what depends on T is given the steps that are left.
    /// </summary>
    /// <param name="steps">How many steps; at step <paramref name="steps"/> this schedule begins.</param>
    /// <param name="start">The factor at the first step, <c>LinearLR</c>'s by default.</param>
    /// <exception cref="L2TException"><paramref name="steps"/> is less than 1, or <paramref name="start"/> negative or not finite.</exception>
    public LearningRateSchedule AfterWarmUp(int steps, double start = 1.0 / 3) =>
        new WarmUpSchedule(this, Count(steps, nameof(steps)), Factor(start, nameof(start)));

    /// <summary>
    /// The schedule that a text says: its name and the arguments of the method that makes it, with colons between them, such as
    /// <c>cosine:0.1</c>, <c>milestones:0.1:100:200</c> or <c>warm-up:50:0.2:linear</c>. Every schedule of this class has such a text.
    /// </summary>
    /// <exception cref="L2TException">The text says none, or an argument is out of range.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') switch
        {
            ["constant"] => Constant,
            ["linear"] => Linear(),
            ["linear", var end] => Linear(Real(end)),
            ["cosine"] => Cosine(),
            ["cosine", var end] => Cosine(Real(end)),
            ["step", var every] => Step(Whole(every)),
            ["step", var every, var gamma] => Step(Whole(every), Real(gamma)),
            ["milestones", var gamma, .. var steps] => Milestones(Real(gamma), [.. steps.Select(Whole)]),
            ["inverse-square-root", var k] => InverseSquareRoot(Whole(k)),
            ["warm-up", var steps, var start, .. { Length: > 0 } then] => Parse(string.Join(':', then)).AfterWarmUp(Whole(steps), Real(start)),
            _ => throw Unreadable(),
        };

        double Real(string number) =>
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable();

        int Whole(string number) =>
            int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable();

        L2TException Unreadable() => new($"'{text}' is no schedule. It must be {Texts}.");
    }

    /// <summary>The factor of a step.</summary>
    /// <param name="step">t, from 0.</param>
    /// <param name="steps">T, the number of steps of the whole training.</param>
    public abstract double Factor(int step, int steps);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Factor(double value, string name) => value is >= 0 and < double.PositiveInfinity
        ? value
        : throw new L2TException(FormattableString.Invariant($"The {name} of a schedule is {value}. It must be finite and not negative."));

    private static int Count(int value, string name) => value >= 1
        ? value
        : throw new L2TException($"The {name} of a schedule is {value}. It must be at least 1.");

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 1;

        public override string ToString() => "constant";
    }

    private sealed record LinearSchedule(double End) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 1 - (1 - End) * step / steps;

        public override string ToString() => End == 0 ? "linear" : Text($"linear:{End}");
    }

    private sealed record CosineSchedule(double End) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => End + (1 - End) * (1 + Math.Cos(Math.PI * step / steps)) / 2;

        public override string ToString() => End == 0 ? "cosine" : Text($"cosine:{End}");
    }

    private sealed record StepSchedule(int Every, double Gamma) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Pow(Gamma, step / Every);

        public override string ToString() => Text($"step:{Every}:{Gamma}");
    }

    private sealed record MilestoneSchedule(double Gamma, int[] At) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Pow(Gamma, At.Count(at => at <= step));

        public override string ToString() => string.Join(':', At.Select(at => Text($"{at}")).Prepend(Text($"milestones:{Gamma}")));
    }

    private sealed record InverseSquareRootSchedule(int K) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Sqrt(K / ((double)K + step));

        public override string ToString() => Text($"inverse-square-root:{K}");
    }

    private sealed record WarmUpSchedule(LearningRateSchedule Then, int WarmUp, double Start) : LearningRateSchedule
    {
        public override double Factor(int step, int steps)
        {
            // A training that ends in its warm-up has nothing left for what follows, which still has a beginning.
            var left = Math.Max(1, steps - WarmUp);
            return step < WarmUp
                ? (Start + (1 - Start) * step / WarmUp) * Then.Factor(0, left)
                : Then.Factor(step - WarmUp, left);
        }

        public override string ToString() => Text($"warm-up:{WarmUp}:{Start}:{Then}");
    }
}
