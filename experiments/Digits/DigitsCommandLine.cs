using L2T.Dsl.Experiments;

namespace L2T.Experiments.Digits;

/// <summary>
/// The library's commands on the 8x8 digits: one split, from which every command and seed starts. The demo, which draws a split for each
/// seed, has a protocol of its own.
/// </summary>
internal static class DigitsCommandLine
{
    private const int Hidden = 32;

    /// <summary>Runs the command that <paramref name="args"/> say.</summary>
    public static int Run(string[] args)
    {
        using var data = DemoData.Load(new DemoSettings { Data = "digits" });
        var split = data.Draw(seed: 1);
        using var train = split.Train;
        using var dev = split.Dev;
        using var heldOut = split.HeldOut;
        return ExperimentCommandLine.Run(args, () => new DigitsExperiment
        {
            Student = new DigitsMlp(data.Pixels, Hidden),
            Data = split,
            Steps = 100,
            LearningRate = 0.8,
            TeacherLearningRate = 0.005,
            TeacherGradientClip = 0.3,
            SplitPerEpisode = true,
        });
    }
}
