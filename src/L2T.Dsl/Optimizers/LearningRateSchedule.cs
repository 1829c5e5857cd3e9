namespace L2T.Dsl.Optimizers;

/// <summary>
/// What the learning rate is multiplied by, step by step; a function of the step alone, since the way back asks for it again. Conventions are
/// those of <c>torch.optim.lr_scheduler</c>, with one call of its <c>step()</c> for each step of the student. A schedule of one's own is a
/// record derived from this.
/// </summary>
public abstract record LearningRateSchedule
{
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
    public static LearningRateSchedule Step(int every, double gamma = 0.1) =>
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

    /// <summary>The factor of a step.</summary>
    /// <param name="step">t, from 0.</param>
    /// <param name="steps">T, the number of steps of the whole training.</param>
    public abstract double Factor(int step, int steps);

    private static double Factor(double value, string name) => value is >= 0 and < double.PositiveInfinity
        ? value
        : throw new L2TException(FormattableString.Invariant($"The {name} of a schedule is {value}. It must be finite and not negative."));

    private static int Count(int value, string name) => value >= 1
        ? value
        : throw new L2TException($"The {name} of a schedule is {value}. It must be at least 1.");

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 1;
    }

    private sealed record LinearSchedule(double End) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 1 - (1 - End) * step / steps;
    }

    private sealed record CosineSchedule(double End) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => End + (1 - End) * (1 + Math.Cos(Math.PI * step / steps)) / 2;
    }

    private sealed record StepSchedule(int Every, double Gamma) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Pow(Gamma, step / Every);
    }

    private sealed record MilestoneSchedule(double Gamma, int[] At) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Pow(Gamma, At.Count(at => at <= step));
    }

    private sealed record InverseSquareRootSchedule(int K) : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => Math.Sqrt(K / ((double)K + step));
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
    }
}
