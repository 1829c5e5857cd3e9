using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Training;

namespace L2T.Experiments.SineRegression;

/// <summary>One seed: a teacher learns from students of random sines; then fresh students fit other sines under it, and by the squared error.</summary>
internal static class SineRun
{
    // Sines of one use never come up in another.
    private const ulong TestSines = 1UL << 40;
    private const ulong TuningSines = 2UL << 40;

    /// <summary>Runs it.</summary>
    public static SineResult Run(SineSettings settings, int seed, CancellationToken cancellation)
    {
        var sines = new Sines(settings.Points, settings.JudgePoints);
        // Its own sines are not asked for: all are drawn.
        using var shape = new Sine(sines, 0);
        var teacher = new SineExperiment
        {
            Data = shape.Data,
            Tasks = sines,
            Steps = settings.Steps,
            BatchSize = settings.Points,
            LearningRate = settings.Rate,
            Episodes = settings.Episodes,
            RolloutsPerUpdate = settings.Rollouts,
            TeacherLearningRate = settings.TeacherRate,
            TeacherGradientClip = settings.Clip,
            Seed = seed,
        }.Teach(cancellation: cancellation);

        var tuning = settings.Rates.ToDictionary(rate => rate, rate => Errors(TuningSines, settings.TuningSines, (experiment, start, told) =>
            experiment.Train(nameof(MeanSquaredError), start, rate, told, cancellation: cancellation)));
        var byRate = settings.Rates.ToDictionary(rate => rate, rate => Errors(TestSines, settings.Sines, (experiment, start, told) =>
            experiment.Train(nameof(MeanSquaredError), start, rate, told, cancellation: cancellation)));
        var taught = Errors(TestSines, settings.Sines, (experiment, start, told) => experiment.Train(teacher, start, settings.Rate, told, cancellation: cancellation));
        return new SineResult(seed, [.. settings.Counts.Select(steps =>
        {
            var best = settings.Rates.MinBy(rate => tuning[rate][steps]);
            return new SineRow(steps, byRate[best][steps], best, taught[steps]);
        })]);

        // After each number of steps, the mean over sines; infinite where a student has run away.
        double[] Errors(ulong use, int count, Action<SineExperiment, int, IProgress<TrainingPoint>> train)
        {
            var sums = new double[settings.TestSteps + 1];
            for (var i = 0; i < count; i++)
            {
                using var sine = new Sine(sines, use + ((ulong)seed << 20) + (ulong)i);
                var experiment = new SineExperiment { Data = sine.Data, Steps = settings.TestSteps, BatchSize = settings.Points, StateInterval = 1, Seed = seed };
                var curve = new Curve(settings.TestSteps);
                try
                {
                    train(experiment, i, curve);
                }
                catch (NonFiniteException)
                {
                    // The curve says where.
                }
                for (var step = 0; step <= settings.TestSteps; step++)
                    sums[step] += curve.Errors[step];
            }
            return [.. sums.Select(sum => sum / count)];
        }
    }

    /// <summary>One sine as an experiment's data. There are no test points beside those of development, which teach no one here.</summary>
    private sealed class Sine : IDisposable
    {
        private readonly LabelledData _train;
        private readonly LabelledData _dev;

        public Sine(Sines sines, ulong seed)
        {
            (_train, _dev) = sines.Draw(seed);
            Data = new DataSplit(_train, _dev, _dev);
        }

        public DataSplit Data { get; }

        public void Dispose()
        {
            _train.Dispose();
            _dev.Dispose();
        }
    }

    /// <summary>The error after each number of steps, as it comes.</summary>
    private sealed class Curve : IProgress<TrainingPoint>
    {
        public Curve(int steps)
        {
            Errors = new double[steps + 1];
            Array.Fill(Errors, double.PositiveInfinity);
        }

        public double[] Errors { get; }

        public void Report(TrainingPoint value) => Errors[value.Step] = value.DevError;
    }
}
